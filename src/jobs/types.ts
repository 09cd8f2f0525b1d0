/** Where a job can run: in a container of one of two engines, or in a Python environment of this machine. */
export type Runtime = 'docker' | 'podman' | 'local';

/** `auto`: the first of docker, podman and local that works here. */
export type RuntimeChoice = Runtime | 'auto';

/** A word of a job's command or environment; the second form becomes the path that the mount has where the job runs. */
export type CommandWord = string | { readonly mount: string; readonly path?: string };

/** A folder of this machine that the job sees. */
export interface Mount {
  /** Named in `CommandWord`; in a container the folder is `/job/<name>`. Letters, digits, `-` and `_`. */
  readonly name: string;
  /** Folder (or file) on this machine; it must exist. */
  readonly host: string;
  readonly readonly?: boolean;
  /** Whoever orders the job makes the folder before it runs; a dry run need not find it. */
  readonly made?: boolean;
  /** Several jobs may write to it at the same time: a cache. */
  readonly shared?: boolean;
}

/**
 * The image of a container job; `local` ignores it.
 * - `named`: this image, pulled when it is not here; `bytes` is what it takes when unpacked, if that is known.
 * - `by-gpu`: the PyTorch image that fits driver and compute capability, as it is.
 * - `build`: built from the trainer's Dockerfile and the environment's lock file, on `base` (by default the image that
 *   `by-gpu` names, or a plain Python image when the job uses no GPU).
 */
export type ImageChoice =
  | { readonly kind: 'named'; readonly name: string; readonly bytes?: number }
  | { readonly kind: 'by-gpu' }
  | { readonly kind: 'build'; readonly base?: string };

/** Which GPUs of this machine, by the numbers that nvidia-smi gives them. `all` on a machine without any is none. */
export type GpuChoice = 'none' | 'all' | readonly number[];

/** What a job needs before anything is downloaded or started. */
export interface JobNeeds {
  /** Free bytes on the file system of the first mount that is written to. */
  readonly diskBytes?: number;
  /** Bytes of memory of each GPU. */
  readonly vramBytes?: number;
  /** Whether it cannot run without a GPU. */
  readonly gpu?: boolean;
}

export interface JobLimits {
  readonly memoryBytes?: number;
  /** Shared memory (data loaders with several processes use it). */
  readonly shmBytes?: number;
  /** May be a fraction. */
  readonly cpus?: number;
}

/** One step that runs elsewhere. */
export interface JobSpec {
  /** 'train', 'quantize', …: what `jobs list` calls it. */
  readonly kind: string;
  /** One line for people. */
  readonly title: string;
  /** Names `requirements/<environment>.lock` (and `.cpu.lock`) of the trainer. */
  readonly environment: string;
  readonly image: ImageChoice;
  /** The first word is a program; `python` is that of the environment. */
  readonly command: readonly CommandWord[];
  readonly mounts: readonly Mount[];
  readonly env: Readonly<Record<string, CommandWord>>;
  /** Reach the job as environment variables and nothing else: no argv, dry run, log or record has their values. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly gpus: GpuChoice;
  readonly limits: JobLimits;
  readonly needs: JobNeeds;
  /** How long a job that was asked to save and stop may take before it is killed, milliseconds. */
  readonly stopGraceMs: number;
  /** Of a container; by default what the engine gives. `local` has the machine's network. */
  readonly network?: 'none' | 'host';
}

/** How far a job is. */
export interface ProgressRecord {
  readonly event: 'progress';
  readonly phase: string;
  readonly step: number | null;
  readonly of: number | null;
  readonly loss: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly rate: number | null;
  /** Of `rate`, for example `images/s`. */
  readonly unit: string | null;
  /** Seconds that are left. */
  readonly eta: number | null;
  readonly message: string | null;
}

/** What a job says about its outcome; who ordered the job knows the fields and checks them. */
export interface ResultRecord {
  readonly event: 'result';
  /** All fields of the line but `event`. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WarningRecord {
  readonly event: 'warning';
  readonly message: string;
}

/** What a job says on its standard output, one JSON object a line. */
export type JobRecord = ProgressRecord | ResultRecord | WarningRecord;

/** `stopped`: it was asked to, and it may be resumed. */
export type JobOutcome = 'done' | 'stopped' | 'failed';

export interface JobResult {
  readonly id: string;
  readonly runtime: Runtime;
  readonly outcome: JobOutcome;
  /** null: ended by a signal, or it never began. */
  readonly exitCode: number | null;
  /** The last of its kind, if there was one. */
  readonly lastProgress: ProgressRecord | null;
  readonly lastResult: ResultRecord | null;
  /** The first hundred. */
  readonly warnings: readonly string[];
  /** The last lines of the log, at most twenty. */
  readonly lastLines: readonly string[];
  /** The whole log (older parts have .1, .2, … after the name). */
  readonly logFile: string;
  readonly seconds: number;
}

/** What `runJob` does before the job itself runs, for people. */
export type Preparation =
  | { readonly step: 'check' }
  | { readonly step: 'environment' | 'image'; readonly what: string; readonly line?: string }
  | { readonly step: 'started'; readonly id: string; readonly runtime: Runtime; readonly logFile: string };

/** Where jobs are kept and made; see `jobPlaces`. */
export interface JobPlaces {
  /** Records and logs of jobs. */
  readonly stateDir: string;
  /** Python environments. */
  readonly cacheDir: string;
  /** The trainer: Dockerfile, `requirements/`, and the Python package. */
  readonly trainerDir: string;
}

export interface JobOptions extends JobPlaces {
  readonly runtime: RuntimeChoice;
  /** What programs (engines, uv, python) are found with and started in; the job itself gets a chosen part of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now?: () => number;
}

export interface RunOptions extends JobOptions {
  /** Aborted: asks the job to save and stop; while preparing, ends that. */
  readonly signal?: AbortSignal;
  /** Aborted: kills the job. */
  readonly kill?: AbortSignal;
  readonly onPreparation?: (preparation: Preparation) => void;
  readonly onRecord?: (record: JobRecord) => void;
  /** A line of the log. */
  readonly onLog?: (line: string) => void;
}

/** Something that was looked at before a job may start. */
export interface Check {
  readonly name: 'runtime' | 'gpu' | 'driver' | 'mounts' | 'vram' | 'disk' | 'shm' | 'memory';
  readonly ok: boolean;
  /** One sentence. */
  readonly message: string;
}

/** What a job would do, for --dry-run. */
export interface JobPlan {
  readonly runtime: Runtime;
  /** null for `local`. */
  readonly image: string | null;
  /** Commands in the order in which they run; secrets are not in them. */
  readonly commands: readonly (readonly string[])[];
  /** Names of the variables that the job gets; values of secrets are not there. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly checks: readonly Check[];
}
