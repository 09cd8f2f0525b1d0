import { Config, run } from '@oclif/core';
import type { Options as LoadOptions } from '@oclif/core/interfaces';
import { asSv72Error, FailureInLines, failureJson, failureText } from './failure.ts';
import { wantsJson } from './flags.ts';

/**
 * Runs one command line and ends the process with its exit code. The only place that reports failures.
 * @param argv arguments after `sv72`
 * @param root folder of package.json
 * @param load how commands are found, when not as package.json and the manifest say
 */
export async function main(
  argv: string[],
  root: string,
  load: Omit<LoadOptions, 'root'> = {},
): Promise<void> {
  let alone = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe went away (`sv72 … | head`): nobody is left to tell. What cleans up when it is asked to end is asked to, once.
    if (error.code !== 'EPIPE' || alone) return;
    alone = true;
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit();
  });
  // Remarks that nobody reads any more are no reason to break off what may be half done.
  process.stderr.on('error', () => undefined);
  let config: Config | undefined;
  try {
    config = await Config.load({ root, ...load });
    await run(argv, config);
  } catch (caught) {
    const inLines = caught instanceof FailureInLines;
    const thrown: unknown = inLines ? caught.cause : caught;
    const exit = (thrown as { oclif?: { exit?: number }; code?: string } | null) ?? {};
    if (exit.code === 'EEXIT') {
      process.exitCode = exit.oclif?.exit ?? 0;
    } else {
      const known = [
        ...(config?.commands ?? []).map(({ id }) => id),
        ...(config?.topics ?? []).map(({ name }) => name),
      ];
      const error = asSv72Error(
        thrown,
        known.map((id) => id.replaceAll(':', ' ')),
      );
      process.exitCode = error.exit;
      if (process.env.DEBUG) process.stderr.write(frames(thrown));
      if (wantsJson(argv, process.env)) {
        process.stdout.write(`${JSON.stringify(failureJson(error), null, inLines ? undefined : 2)}\n`);
      } else {
        process.stderr.write(failureText(error, await red()));
      }
    }
  }
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit();
}

/**
 * Waits until everything is written, however slowly it is read: exiting throws away what waits.
 * The callback of a write comes after all writes before it; that a stream takes more does not mean that it has given everything away.
 */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength > 0 && !stream.destroyed) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}

/** Where something was thrown, without its message: messages of the parser repeat what was typed. */
function frames(thrown: unknown): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return `${[thrown instanceof Error ? thrown.name : typeof thrown, ...lines].join('\n')}\n`;
}

async function red(): Promise<(text: string) => string> {
  if (!process.stderr.isTTY || process.env.NO_COLOR) return (text) => text;
  const { chalkStderr } = await import('chalk');
  return chalkStderr.red;
}
