import { expect } from 'vitest';
import type { Release } from '../../src/hub/index.ts';
import type { Fault, HubDouble } from '../support/hub/index.ts';
import { AT, bundleOf, FILES, hub, publish, REPO, releaseOf } from './place.ts';

/** How a run ends too early at one of its requests. */
interface End {
  readonly name: string;
  readonly faults: (abort: () => void) => readonly { fault: Fault; times: number }[];
}

export const ENDS: readonly End[] = [
  { name: 'Ctrl-C when a request is sent', faults: (abort) => [{ fault: { first: abort }, times: 1 }] },
  { name: 'Ctrl-C when it is answered', faults: (abort) => [{ fault: { last: abort }, times: 1 }] },
  {
    name: 'no connection from then on',
    faults: () => [{ fault: { reset: 'before' }, times: Number.POSITIVE_INFINITY }],
  },
  {
    name: 'its answer is lost, and no connection from then on',
    faults: () => [
      { fault: { reset: 'after' }, times: 1 },
      { fault: { reset: 'before' }, times: Number.POSITIVE_INFINITY },
    ],
  },
];

const SMALL = FILES.filter(({ path }) => path === 'model.onnx' || path.startsWith('checkpoint/'));

/** The commits of the repository, oldest last; undefined where there is none. */
function commits(double: HubDouble): string[] | undefined {
  return double.repos.get(REPO.id)?.commits.map(({ title }) => title);
}

async function run(first: Release | undefined, release: Release, at: number, end: End | undefined) {
  const double = await hub({ chunkBytes: 20_000 });
  if (first) await publish(double, { release: first });
  const before = commits(double);
  double.forget();
  const controller = new AbortController();
  for (const { fault, times } of end?.faults(() => controller.abort()) ?? []) {
    double.faults.plan('any', fault, { skip: at, times });
  }
  const outcome = await publish(double, {
    release,
    signal: controller.signal,
  }).then(
    () => undefined,
    (error: unknown) => error,
  );
  double.faults.clear();
  return { double, before, outcome, after: commits(double), steps: double.seen.map(({ step }) => step) };
}

/**
 * Ends a run at each of its requests in turn: afterwards the repository is as before or complete, and running it again
 * makes it complete.
 *
 * @param earlier whether the repository has a release already
 */
export async function endAtEveryRequest(end: End, earlier: boolean): Promise<void> {
  const bundle = await bundleOf({}, SMALL);
  const first = earlier
    ? await releaseOf(await bundleOf({ version: '1.1.0' }, SMALL.slice(0, 1)))
    : undefined;
  const release = await releaseOf(bundle);
  const whole = await run(first, release, 0, undefined);
  expect(whole.outcome).toBeUndefined();
  const again = await releaseOf(bundle, { at: AT + 60 });

  const one = async (at: number) => {
    const { double, before, outcome, after } = await run(first, release, at, end);
    const step = `${at}: ${whole.steps[at]}`;
    expect(outcome, step).toBeInstanceOf(Error);
    const empty = before === undefined && after?.length === 1;
    const changed = JSON.stringify(after) !== JSON.stringify(before) && !empty;
    if (changed) expect(after, step).toEqual(whole.after);
    // Only a lost answer to the making of a repository leaves an empty one behind.
    if (empty && end.name.startsWith('Ctrl-C')) expect(whole.steps[at], step).toBe('create');
    await publish(double, { release: again });
    expect(commits(double), step).toEqual(whole.after);
  };
  for (let at = 0; at < whole.steps.length; at += 6) {
    const some = Array.from({ length: Math.min(6, whole.steps.length - at) }, (_, i) => at + i);
    await Promise.all(some.map(one));
  }
}
