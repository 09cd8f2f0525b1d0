import type { Precision, VerifiedBundle } from '../bundle/index.ts';
import type { ChatServerSpec } from './engines/openai/spec.ts';
import type { ServerSpec } from './engines/server/address.ts';
import type { ServerHealth } from './engines/server/health.ts';
import type { OtherView } from './views.ts';

export type { ChatServerSpec, OtherView, ServerHealth, ServerSpec };

/** Where a model runs. */
export type Device = 'cpu' | 'cuda' | 'tensorrt';

/** Why the configured prior was answered instead of something computed. */
export type PriorReason =
  /** The bytes are no image, or one that is too large. */
  | 'undecodable'
  /** The time was up before the result was there. */
  | 'deadline'
  /** More images were waiting than the queue holds. */
  | 'overloaded'
  /** The engine died or hung on this image more than once, or said something that is no probability. */
  | 'engine-failed'
  /** No engine process was running in time. */
  | 'engine-unavailable'
  /** What may be spent on the server today is spent. */
  | 'over-budget'
  /** The classifier was closed. */
  | 'closed';

/**
 * Where a probability comes from: computed for this request, remembered from earlier, computed for another request
 * that asked at the same time, or the prior.
 */
export type PredictionSource = 'model' | 'cache' | 'shared' | 'prior';

export interface Timings {
  /** Waiting for the engine, ms. */
  readonly queueMs: number;
  /** Bytes to pixels of the model's size, ms. */
  readonly decodeMs: number;
  /** The model itself (for the whole batch that the image was in), ms. */
  readonly inferMs: number;
}

/** The answer to one image. */
export interface Prediction {
  /** Probability of the positive label, in [0, 1], calibrated. */
  readonly probability: number;
  readonly source: PredictionSource;
  /** Only with source `prior`. */
  readonly reason?: PriorReason;
  /** Only with source `prior`: what exactly was wrong, for the log. */
  readonly detail?: string;
  /** SHA-256 of the image bytes, lower-case hex. */
  readonly sha256: string;
  /** Size of the image as received in pixels; null where it could not be read. */
  readonly width: number | null;
  readonly height: number | null;
  /** jpeg, png, …; null where it could not be read. */
  readonly format: string | null;
  /** Of the computation that gave the probability; zero for a prior. */
  readonly timings: Timings;
}

/** What was tried to get a device, and what came of it. */
export interface DeviceAttempt {
  readonly device: Device;
  readonly ok: boolean;
  /** What was found or what is missing, one sentence. */
  readonly detail: string;
}

/** What is running: for the status block and for logs. */
export interface ClassifierInfo {
  readonly bundle: {
    readonly name: string;
    readonly version: string;
    readonly demo: boolean;
    /**
     * SHA-256 of the model file that is loaded; of a chat model, of its name, the question, and whatever else decides
     * what it answers.
     */
    readonly sha256: string;
  };
  readonly engine: string;
  readonly device: Device | 'server';
  readonly deviceAttempts: readonly DeviceAttempt[];
  /** `unknown`: of a chat model, which a server runs as it likes. */
  readonly precision: Precision | 'unknown';
  /** Which of the bundle's models it is, and why that one. */
  readonly variant: { readonly name: string; readonly why: string };
  readonly processes: number;
  /** Intra-op threads of each process. */
  readonly threads: number;
  /** The most images that are computed at once. */
  readonly maxBatch: number;
  /** Measured at warm-up: one image through the model, ms. */
  readonly inferMs: number;
}

/** Figures since the start, and the state now. */
export interface ClassifierStats {
  /** Images waiting for an engine. */
  readonly queued: number;
  /** Images that an engine is working on. */
  readonly inFlight: number;
  /** Images computed by the model. */
  readonly computed: number;
  readonly cache: { readonly hits: number; readonly misses: number; readonly entries: number };
  /** Requests that shared the computation of another. */
  readonly shared: number;
  readonly priors: Readonly<Record<PriorReason, number>>;
  /** Engine processes that were started because another died or hung. */
  readonly restarts: number;
  /** Engine processes killed because they did not answer in time. */
  readonly hangs: number;
  /** Engine processes that can take work now. */
  readonly ready: number;
  /** Process ids of the engine processes. */
  readonly pids: readonly number[];
  /** How many batches of each size were computed. */
  readonly batches: Readonly<Record<number, number>>;
  /** Images by size in pixels: up to 224×224, 1 MP, 4 MP, 16 MP, larger. */
  readonly imageSizes: Readonly<Record<ImageSizeClass, number>>;
  /** The inference servers that are asked, and how they are. */
  readonly servers?: readonly ServerHealth[];
  /** Only of a cascade, in its order. */
  readonly stages?: readonly StageStats[];
}

/** What one stage of a cascade did since the start. */
export interface StageStats {
  readonly name: string;
  /** False while it rests after failing again and again. */
  readonly up: boolean;
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
  /** There was an answer, and no time left for this stage. */
  readonly passed: number;
  /** Its answer was the last that there was. */
  readonly decided: number;
  /** Nine of ten of its answers are there within this time, ms. */
  readonly usualMs: number;
}

export type ImageSizeClass = 'upTo224' | 'upTo1MP' | 'upTo4MP' | 'upTo16MP' | 'larger';

export interface PredictOptions {
  /** Answer before this moment, on the clock of `performance.now()`, ms. Without it: `defaultTimeoutMs` from now. */
  readonly deadline?: number;
  /** What is shown of the picture instead of itself. It is made where the model is asked: strange bytes are decoded there only. */
  readonly view?: OtherView;
}

/** Something that happened to an engine process, worth a log line. */
export type EngineEvent =
  | { readonly kind: 'started'; readonly pid: number; readonly startMs: number }
  | { readonly kind: 'lost'; readonly pid: number; readonly reason: string; readonly hung: boolean }
  | { readonly kind: 'start-failed'; readonly reason: string; readonly retryMs: number }
  /** The server that is asked does not answer any more, or does again. */
  | { readonly kind: 'server-down'; readonly server: string; readonly reason: string }
  | { readonly kind: 'server-up'; readonly server: string };

/** How answers are given, whatever computes them. */
export interface AnswerOptions {
  /** Answered where the model cannot answer, in [0, 1]. Default 0.5, which scoring counts as the negative label. */
  readonly prior?: number;
  readonly cache?: {
    /** Default 4096; 0 switches the cache off. */
    readonly entries?: number;
    /** Default 15 minutes. */
    readonly ttlMs?: number;
  };
  readonly limits?: {
    /** Images that may wait; more are answered with the prior. Default 256. */
    readonly queue?: number;
    /** Bytes of images that may wait or be in work. Default 256 MiB. */
    readonly queueBytes?: number;
    /** Pixels of an image; larger ones are undecodable. Default 50 million. */
    readonly pixels?: number;
    /** An engine that holds a batch longer than this is killed, however late the deadline is, ms. Default 4000. */
    readonly hangMs?: number;
    /** Getting an engine process ready, model load and warm-up included, ms. Default 120000. */
    readonly startMs?: number;
  };
  /**
   * Only for models on a server: does not wait for it, since it is known not to be there. Until it is, nothing is answered
   * but the prior, at once.
   */
  readonly late?: boolean;
  /** For requests without a deadline, ms. Default 9000, as validators wait. */
  readonly defaultTimeoutMs?: number;
  readonly onEvent?: (event: EngineEvent) => void;
  /** Monotonic clock, ms. Default `performance.now`. */
  readonly now?: () => number;
}

/** A model of a bundle. */
export interface ClassifierOptions extends AnswerOptions {
  readonly bundle: VerifiedBundle;
  /** Default `auto`: the best that works, else the CPU. Anything else is used or refused. */
  readonly device?: Device | 'auto';
  /** Which of the bundle's models, by precision. Default `auto`: what `chooseModel` takes for the device. */
  readonly precision?: Precision | 'auto';
  /** Which of the bundle's models, by name; goes before `precision`. Default `auto`. */
  readonly variant?: string;
  /** An inference server that has the bundle's model, instead of ONNX Runtime here. */
  readonly server?: ServerSpec;
  /** Intra-op threads of each process. Default `auto`: measured at start. */
  readonly threads?: number | 'auto';
  /** Engine processes. Default 1. */
  readonly processes?: number;
  /** The module to load as ONNX Runtime. Default onnxruntime-node. */
  readonly runtime?: string;
}

/** A chat model that sees pictures, on a server that speaks as OpenAI's does. */
export interface ChatClassifierOptions extends AnswerOptions {
  readonly server: ChatServerSpec;
}

/** Turns image bytes into a probability. */
export interface Classifier {
  readonly info: ClassifierInfo;
  /** Never rejects, and resolves before the deadline: with the prior where nothing better is there. */
  predict(image: Uint8Array, options?: PredictOptions): Promise<Prediction>;
  stats(): ClassifierStats;
  /** Requests under way are answered with the prior, engine processes end, and then it resolves. */
  close(): Promise<void>;
}
