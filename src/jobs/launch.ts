import type { Download } from './checks.ts';
import type { Preparation } from './types.ts';

/** A job that is ready to be started in one of the ways there are. */
export interface Launch {
  readonly command: readonly string[];
  /** All of it, secrets included. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly container: { readonly program: string; readonly name: string } | null;
  /** The part of `env` that is ours to show: no secrets, nothing passed on. */
  readonly own: Readonly<Record<string, string>>;
}

/** What a way of running says before it does anything. */
export interface LaunchPlan {
  readonly image: string | null;
  /** Commands that prepare, as they would run now. */
  readonly preparing: readonly (readonly string[])[];
  readonly downloads: readonly Download[];
  readonly launch: Launch;
  /** Fetches, builds, installs; stops when `signal` is aborted. */
  readonly prepare: (tell: (preparation: Preparation) => void, signal?: AbortSignal) => Promise<void>;
}
