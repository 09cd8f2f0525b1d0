/** One hotkey and where it listens. */
export interface ListeningAxon {
  /** Name of the hotkey in the wallet. */
  readonly name: string;
  readonly hotkey: string;
  /** Which profile answers for it. */
  readonly profile: string;
  readonly host: string;
  readonly port: number;
  /** UID on the subnet; null: it has none, or the chain was not asked. */
  readonly uid: number | null;
  /** Address and port that the chain has of it; null: none, or the chain was not asked. */
  readonly announced: string | null;
}

/** Hotkeys that answer with the same models, and with which. */
export interface GroupStatus {
  readonly profile: string;
  /** Their names in the wallet. */
  readonly hotkeys: readonly string[];
  readonly bundle: {
    readonly name: string;
    readonly version: string;
    readonly demo: boolean;
    readonly sha256: string;
  };
  readonly engine: {
    readonly name: string;
    readonly device: string;
    readonly precision: string;
    /** Which of the bundle's models runs, and why that one. */
    readonly variant: string;
    readonly chosen: string;
    readonly processes: number;
    readonly threads: number;
    readonly inferMs: number;
  };
  readonly answerWithinS: number;
  /** Pictures that are computed at the same time. */
  readonly concurrency: number;
}

/** What is running: the status block, and the first line with --json. */
export interface MinerStatus {
  readonly version: string;
  readonly pid: number;
  /** Of the first group, as are `bundle`, `engine` and the limits on answers. */
  readonly profile: string;
  /** `offline`, or the network's name. */
  readonly network: string;
  readonly netuid: number;
  readonly bundle: GroupStatus['bundle'];
  readonly engine: GroupStatus['engine'];
  readonly groups: readonly GroupStatus[];
  readonly routes: readonly string[];
  readonly btauthRoute: string | null;
  /** Who is answered, in words. */
  readonly callers: string;
  readonly limits: {
    readonly bodyMib: number;
    readonly connections: number;
    readonly connectionsPerAddress: number;
    readonly answerWithinS: number;
    readonly concurrency: number;
  };
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly store: string | null;
  /** What is not done, or not as one might think. */
  readonly warnings: readonly string[];
}
