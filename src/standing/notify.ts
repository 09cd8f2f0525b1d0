import { spawn } from 'node:child_process';

export interface Notification {
  /** A command line for /bin/sh, as the person wrote it. */
  readonly command: string;
  /** Facts of the event, as variables of the command's environment: nothing is ever put into the command line. */
  readonly variables: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After this long the command is stopped (default 60 s). */
  readonly timeoutMs?: number;
}

export interface NotificationEnd {
  readonly ok: boolean;
  /** What went wrong, in a few words. */
  readonly problem: string | undefined;
}

/** Runs a person's command for an event. It never throws: a failed notification stops nothing. */
export async function notify({
  command,
  variables,
  env = process.env,
  timeoutMs = 60_000,
}: Notification): Promise<NotificationEnd> {
  const child = spawn('/bin/sh', ['-c', command], {
    env: { ...env, ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: timeoutMs,
  });
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, problem: error.message }));
    child.once('exit', (status, signal) => {
      const problem = signal === null ? `exit status ${status}` : `stopped by ${signal}`;
      resolve(status === 0 ? { ok: true, problem: undefined } : { ok: false, problem });
    });
  });
}
