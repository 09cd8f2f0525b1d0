/** What became of one authenticated request. */
export type Outcome = 'answered' | 'failed';

/** The model an answer came from. */
export interface ModelRef {
  readonly name: string;
  /** Semantic version of the bundle. */
  readonly version: string;
}

/** One authenticated request and its answer. Times are milliseconds; a stage that did not happen is null. */
export interface RequestRecord {
  /** Unix time in milliseconds at which the request arrived. */
  readonly at: number;
  readonly outcome: Outcome;
  /** SS58 address of the hotkey that was asked. */
  readonly miner: string;
  /** SS58 address of the hotkey that asked. */
  readonly validator: string;
  readonly protocol: 'axon' | 'btauth';
  readonly route: string;
  /** Probability of roadwork, or null where nothing was answered. */
  readonly prediction: number | null;
  /** Where the prediction came from: the model, the cache, a shared computation, or the configured prior. */
  readonly source: string | null;
  /** Why the prior was answered, or why nothing was. */
  readonly reason: string | null;
  /** Lower-case hex SHA-256 of the image's bytes as received. */
  readonly sha256: string | null;
  readonly imageBytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly totalMs: number | null;
  readonly queueMs: number | null;
  readonly decodeMs: number | null;
  readonly inferMs: number | null;
  readonly model: ModelRef | null;
}

/** Requests that were turned away, counted by the hour so that junk cannot fill the disk. */
export interface RefusalRecord {
  readonly at: number;
  readonly miner: string;
  /** A short name from a fixed list, such as `bad_signature`. */
  readonly reason: string;
  readonly count: number;
}

/** An image to keep, with the hash it was answered under. */
export interface ImageRecord {
  readonly at: number;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Something that was done to the models of a running miner. */
export interface DeploymentRecord {
  /** Unix time, ms. */
  readonly at: number;
  /** SS58 addresses of the hotkeys it serves, with commas. */
  readonly miner: string;
  /** `canary`, `shadow`, `ab`, `promote`, `rollback`, `auto-rollback` or `refused`. */
  readonly action: string;
  readonly model: ModelRef;
  /** Folder of the bundle, and the SHA-256 of its manifest; empty: it has none that can be read. */
  readonly dir: string;
  readonly manifestSha256: string;
  /** Of the pictures, in (0, 1]; null where that says nothing. */
  readonly share: number | null;
  readonly why: string;
  /** What was known of the model, as JSON; null: nothing yet. */
  readonly figures: string | null;
}

/** What the writer hands to its worker in one go. */
export interface Batch {
  readonly requests: readonly RequestRecord[];
  readonly refusals: readonly RefusalRecord[];
  readonly images: readonly ImageRecord[];
  readonly deployments: readonly DeploymentRecord[];
}
