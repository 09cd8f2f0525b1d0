/** What the process that watches a job is told on its standard input, as JSON. It holds secrets, so it is never written. */
export interface Orders {
  readonly stateDir: string;
  readonly id: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Texts that are taken out of whatever the job prints. */
  readonly secrets: readonly string[];
  /** How the job is told to stop: by the engine's program, or (null) by signals to its process. */
  readonly container: { readonly program: string; readonly name: string } | null;
  readonly stopGraceMs: number;
  /** Whether the container ran before: then the end of `command` is not the end of it. */
  readonly adopted?: boolean;
}

/** Ask it to save and stop. */
export const STOP_SIGNAL = 'SIGTERM';
/** Kill it. */
export const KILL_SIGNAL = 'SIGUSR2';
