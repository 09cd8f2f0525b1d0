import { Sv72Error } from '../errors/index.ts';
import type { Check, Diagnosis, DoctorContext, Finding, Status } from './types.ts';

export interface RunOptions {
  readonly checks: readonly Check[];
  readonly context: DoctorContext;
  /** Longest a check may take, ms; then its answer is unknown. */
  readonly timeoutMs?: number;
  /** Leave out what needs a chain. */
  readonly offline?: boolean;
  readonly onDiagnosis?: (diagnosis: Diagnosis) => void;
}

/** Makes all checks side by side; none can hold up or end the others. In the order of `checks`. */
export async function runChecks(options: RunOptions): Promise<Diagnosis[]> {
  const { checks, context, timeoutMs = 4_500, offline = false } = options;
  const results = await Promise.all(
    checks.map(async (check) => {
      const startedAt = performance.now();
      const found = await findingsOf(check, context, timeoutMs, offline);
      const ms = Math.round(performance.now() - startedAt);
      const diagnoses = found.map((finding) => ({ id: check.id, title: check.title, ...finding, ms }));
      for (const diagnosis of diagnoses) options.onDiagnosis?.(diagnosis);
      return diagnoses;
    }),
  );
  return results.flat();
}

async function findingsOf(
  check: Check,
  context: DoctorContext,
  timeoutMs: number,
  offline: boolean,
): Promise<readonly Finding[]> {
  if (offline && check.chain) return [{ status: 'skipped', sentence: 'Not looked at: it needs the chain.' }];
  const timer = Promise.withResolvers<Finding>();
  const timeout = setTimeout(
    () => timer.resolve({ status: 'unknown', sentence: `It took longer than ${timeoutMs / 1_000} s.` }),
    timeoutMs,
  );
  try {
    const found = await Promise.race([check.run(context), timer.promise]);
    return 'status' in found ? [found] : found;
  } catch (error) {
    return [failure(error)];
  } finally {
    clearTimeout(timeout);
  }
}

function failure(error: unknown): Finding {
  if (error instanceof Sv72Error) {
    return { status: 'unknown', sentence: `It could not be found out: ${error.message} ${error.next}` };
  }
  return {
    status: 'unknown',
    sentence: `It could not be found out: ${error instanceof Error ? error.message : String(error)}`,
  };
}

const ORDER: readonly Status[] = ['skipped', 'ok', 'note', 'unknown', 'warning', 'failed'];

/** The worst of the findings. */
export function worst(diagnoses: readonly Finding[]): Status {
  return diagnoses.reduce<Status>(
    (so, { status }) => (ORDER.indexOf(status) > ORDER.indexOf(so) ? status : so),
    'skipped',
  );
}

/** Exit code by worst result: 0 nothing to mend, 10 warnings or unknowns, 20 something must be mended. */
export function exitOf(status: Status): 0 | 10 | 20 {
  if (status === 'failed') return 20;
  return status === 'warning' || status === 'unknown' ? 10 : 0;
}
