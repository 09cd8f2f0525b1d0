import type { Gpu } from '../jobs/index.ts';

/** Servers that sv72 can run in a container. */
export type ServerKind = 'triton' | 'vllm' | 'sglang' | 'max';

/** A model by itself (embedded), or the server that runs it. */
export type ModelKind = ServerKind | 'embedded';

/** Where the weights of a chat model come from. */
export type Weights =
  | { readonly from: 'hub'; readonly name: string }
  | { readonly from: 'folder'; readonly path: string };

/** A model that a profile needs, as the settings have it. */
export interface WantedModel {
  /** The profile, and its stage where it has several: `accuracy`, `accuracy-vlm`. */
  readonly id: string;
  readonly kind: ModelKind;
  /** Folder of the bundle; null: a chat model. */
  readonly bundleDir: string | null;
  readonly device: 'auto' | 'cpu' | 'cuda' | 'tensorrt';
  readonly precision: 'auto' | 'fp32' | 'fp16' | 'int8';
  readonly variant: string;
  /** Engine processes, each with a copy of the model (embedded). */
  readonly processes: number;
  readonly gpu: 'auto' | 'none' | number;
  readonly server: WantedServer | null;
}

/** The server of a model, on the loopback of this machine. */
export interface WantedServer {
  readonly kind: ServerKind;
  /** Base URL as clients use it. */
  readonly url: string;
  readonly address: string;
  readonly port: number;
  /** Name of the model there; null: the bundle's, or that of the weights. */
  readonly model: string | null;
  readonly weights: Weights | null;
  readonly image: string | null;
  readonly context: number;
  readonly sequences: number;
  readonly memoryBytes: number | null;
  readonly arguments: readonly string[];
  readonly startMs: number;
  /** Never in an argument, a file or a message. */
  readonly token: string | undefined;
}

/** A GPU for a plan. */
export type PlannedGpu = Pick<Gpu, 'index' | 'name' | 'memoryBytes' | 'freeBytes'>;

/** A container that runs a server: everything that the engines, compose, systemd, PM2 and Kubernetes are told. */
export interface ContainerSpec {
  readonly id: string;
  readonly kind: ServerKind;
  readonly name: string;
  readonly image: string;
  /** Python within the image, for health checks. */
  readonly python: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose values come from the environment of whoever starts it. */
  readonly secrets: readonly string[];
  readonly mounts: readonly ContainerMount[];
  readonly port: { readonly address: string; readonly host: number; readonly container: number };
  /** Path that answers 200 when it is ready. */
  readonly ready: string;
  /** null: it runs on the CPU. */
  readonly gpu: number | null;
  readonly shm: string;
  readonly startMs: number;
  /** Of what it was started with, but its shares of the memory. */
  readonly hash: string;
}

export interface ContainerMount {
  readonly what: 'models' | 'weights' | 'cache' | 'hub';
  readonly host: string;
  readonly target: string;
  readonly readonly: boolean;
}
