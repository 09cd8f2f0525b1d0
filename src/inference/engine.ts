import type { ServerHealth } from './engines/server/health.ts';
import type { Device, DeviceAttempt } from './types.ts';
import type { OtherView } from './views.ts';

/** What an engine says about itself once it is ready. */
export interface EngineReport {
  /** For people: name and version of what runs the model. */
  readonly engine: string;
  /** `server`: the model runs elsewhere. */
  readonly device: Device | 'server';
  readonly attempts: readonly DeviceAttempt[];
  readonly threads: number;
  /** The most images it takes at once. */
  readonly maxBatch: number;
  /** Batches that it works on side by side; default 1. */
  readonly lanes?: number;
  /** Measured at warm-up: one image, and the largest batch, ms. */
  readonly inferMs: number;
  readonly batchMs: number;
  readonly startMs: number;
  /** Only where a chat model answers. */
  readonly chat?: ChatReport;
}

/** What a server of chat models turned out to have. */
interface ChatReport {
  readonly model: string;
  /** Whether the probability is that of the words, or the word is all there is. */
  readonly by: 'logprobs' | 'word';
}

/** An image, or what is shown of it. */
export interface Shown {
  readonly bytes: Uint8Array;
  /** undefined: the image as it is. */
  readonly view?: OtherView | undefined;
}

/** What became of one image. */
export type EngineOutcome =
  | {
      readonly ok: true;
      readonly probability: number;
      readonly width: number;
      readonly height: number;
      readonly format: string;
      readonly decodeMs: number;
    }
  | {
      readonly ok: false;
      readonly reason: 'undecodable' | 'engine-failed' | 'over-budget';
      readonly detail: string;
    };

export interface EngineBatch {
  /** One for each image, in their order. */
  readonly outcomes: readonly EngineOutcome[];
  readonly inferMs: number;
}

/** How an engine came to its end. */
export interface EngineLoss {
  readonly reason: string;
  /** It was killed because it did not answer in time. */
  readonly hung: boolean;
}

/** Something that turns image bytes into calibrated probabilities, one batch at a time. */
export interface Engine {
  readonly pid: number;
  readonly report: EngineReport;
  /**
   * Rejects when the engine is lost before it answered; it is then of no more use.
   *
   * @param timeoutMs when it counts as hung and is killed
   * @param leftMs until nobody needs the result any more
   */
  run(images: readonly Shown[], timeoutMs: number, leftMs: number): Promise<EngineBatch>;
  /** How the server is that it asks; undefined: it asks none, or nothing is known yet. */
  health(): ServerHealth | undefined;
  /** Is told whenever something was heard of it. */
  onHealth: (health: ServerHealth) => void;
  /** Resolves when the engine is gone, for whatever reason. */
  readonly gone: Promise<EngineLoss>;
  /** Ends it, gently and then by force; resolves when it is gone. */
  close(): Promise<void>;
}

/**
 * Starts one engine. `like` is the report of one that already runs: the new one skips the measuring and does the same.
 *
 * @throws Sv72Error when it cannot work at all
 */
export type StartEngine = (options: {
  readonly like?: EngineReport;
  readonly signal?: AbortSignal;
}) => Promise<Engine>;
