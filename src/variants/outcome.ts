import { z } from 'zod';
import { type ErrorCode, Sv72Error } from '../errors/index.ts';
import type { JobResult } from '../jobs/index.ts';

const failure = z.object({ error: z.object({ message: z.string() }) });

/** What to say of a step that made nothing. */
interface Failing {
  readonly code: Extract<ErrorCode, 'ERR_QUANTIZE' | 'ERR_ENGINE_BUILD' | 'ERR_EXPORT'>;
  /** "The model could not be converted". */
  readonly what: string;
}

/**
 * What a step says it made.
 *
 * @throws Sv72Error with the code given and what the step said; ERR_INTERRUPTED when it was stopped
 */
export function outcomeOf<T>(result: JobResult, made: z.ZodType<T>, { code, what }: Failing): T {
  if (result.outcome === 'stopped') {
    throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing was changed.');
  }
  const data = result.lastResult?.data;
  const outcome = made.safeParse(data);
  if (result.outcome === 'done' && outcome.success) return outcome.data;
  const said = failure.safeParse(data);
  const why = said.success ? said.data.error.message : (result.lastLines.at(-1) ?? 'it said nothing');
  throw new Sv72Error(code, `${what}: ${why.replace(/\.$/, '')}.`, {
    details: { log: result.logFile, exitCode: result.exitCode, lines: [...result.lastLines] },
  });
}
