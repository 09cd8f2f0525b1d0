import type { Chain } from '../chain/index.ts';
import type {
  ConfiguredMiner,
  ProfileName,
  ProfileSettings,
  Settings,
  Surroundings,
} from '../config/index.ts';

/**
 * ok: as it should be. note: worth knowing, nothing to do. warning: works, but should be mended. failed: must be mended.
 * unknown: could not be found out. skipped: has no meaning here.
 */
export type Status = 'ok' | 'note' | 'warning' | 'failed' | 'unknown' | 'skipped';

/** What a check found. */
export interface Finding {
  readonly status: Status;
  /** One sentence, with the numbers. */
  readonly sentence: string;
  /** The one command line that mends it (or shows more); for findings that need mending. */
  readonly fix?: string;
  /** Names of the miners that it is about; none: the machine. */
  readonly miners?: readonly string[];
}

/** One question of the doctor. */
export interface Check {
  readonly id: string;
  /** What is asked, in a few words. */
  readonly title: string;
  /** Needs a chain, so it is skipped with --offline. */
  readonly chain?: boolean;
  run(context: DoctorContext): Promise<Finding | readonly Finding[]>;
}

/** A finding, and which check it came from. */
export interface Diagnosis extends Finding {
  readonly id: string;
  readonly title: string;
  /** How long the check took, ms. */
  readonly ms: number;
}

/** What an outside program printed. */
export interface ProgramOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** A miner of the settings. */
export interface DoctorMiner extends Omit<ConfiguredMiner, 'hotkey' | 'bundle'> {
  /** Of its hotkey in the wallet. */
  readonly name: string;
  /** Undefined when the file is missing or only its password can tell. */
  readonly ss58: string | undefined;
  /** Whether it is one of the section `miners`. */
  readonly listed: boolean;
}

/** A model that miners of the settings answer with, and where it runs. */
export interface DoctorModel {
  /** Names of these miners, at least one. */
  readonly miners: readonly string[];
  readonly profileName: ProfileName;
  /** The profile's fields, and over them those of the stage. */
  readonly run: ProfileSettings;
  /** Absolute; of a chat model on a server it says nothing. */
  readonly bundleDir: string;
}

/** What the checks look at; everything outside comes in here, so that tests need no patching. */
export interface DoctorContext {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  /** Folder of sv72's package.json. */
  readonly packageRoot: string;
  readonly netuid: number;
  /** Absolute paths of what the settings name. */
  readonly paths: {
    readonly wallets: string;
    readonly data: string;
    readonly store: string;
  };
  readonly miners: readonly DoctorMiner[];
  /** Each once, however many miners answer with it. */
  readonly models: readonly DoctorModel[];
  /** Connects once for all checks; rejects with the reason for each of them. */
  chain(): Promise<Chain>;
  /** Runs a program; undefined when there is none of that name or it did not end in time. */
  program(file: string, args: readonly string[]): Promise<ProgramOutput | undefined>;
  /** Text of a file of the system, undefined when it cannot be read. */
  readText(path: string): string | undefined;
  readonly platform: NodeJS.Platform;
  readonly now: () => number;
  /** True for a process that may see everything. */
  readonly root: boolean;
}
