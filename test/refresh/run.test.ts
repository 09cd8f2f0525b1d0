import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CycleRun,
  commandOf,
  newRun,
  nextVersion,
  openRun,
  type RunPlan,
  type RunRecord,
  type RunSv72,
  runCycle,
  STEPS,
  type Step,
  stepWords,
} from '../../src/refresh/index.ts';
import { folder } from './place.ts';

function planIn(dir: string): RunPlan {
  const at = (name: string) => join(dir, name);
  const place = { dir, data: at('data'), bundle: at('model'), work: at('train'), report: at('report.html') };
  return { place, live: '/live', version: '1.1.0', words: { pull: ['natix'], train: ['--recipe', 'plain'] } };
}

/** Commands that leave behind what the real ones do, and may be told to be killed or to fail. */
function world(plan: RunPlan, verdict: 'first' | 'second' | 'undecided' = 'second') {
  const asked: string[][] = [];
  const made = { dataset: 0, trained: 0, uploaded: 0, canary: 0, promoted: 0 };
  let live = '/live';
  let candidate: string | null = null;
  let looks = 0;
  const fault: { at: number | undefined; error: Error | undefined } = { at: undefined, error: undefined };
  const run: RunSv72 = async (words) => {
    asked.push([...words]);
    const done = act(words);
    if (asked.length === fault.at) throw fault.error ?? new Error('killed');
    return done;
  };
  const ok = (result: unknown = {}) => ({ exit: 0, result });
  const act = (words: readonly string[]): Awaited<ReturnType<RunSv72>> => {
    switch (words.slice(0, 2).join(' ')) {
      case 'data pull':
        made.dataset += 1;
        return ok();
      case 'train --data':
        expect(existsSync(join(plan.place.bundle, 'sv72.json'))).toBe(false);
        mkdirSync(plan.place.work, { recursive: true });
        writeFileSync(join(plan.place.work, 'recipe.json'), '{}');
        mkdirSync(plan.place.bundle, { recursive: true });
        writeFileSync(join(plan.place.bundle, 'sv72.json'), '{}');
        made.trained += 1;
        return ok();
      case 'evaluate /live':
        return ok({ comparison: { difference: { verdict } } });
      case `upload ${plan.place.bundle}`:
        made.uploaded += 1;
        return ok();
      case 'deploy canary':
        expect(candidate).toBeNull();
        candidate = plan.place.bundle;
        made.canary += 1;
        return ok();
      case 'deploy status': {
        looks += 1;
        const state = looks > 2 ? 'good' : 'waiting';
        return ok({
          busy: false,
          live: { dir: live },
          candidate: candidate && { model: { dir: candidate }, verdict: state, reasons: [] },
        });
      }
      case 'deploy promote':
        live = plan.place.bundle;
        candidate = null;
        made.promoted += 1;
        return ok();
      default:
        throw new Error(`nobody knows ${words.join(' ')}`);
    }
  };
  return { run, asked, made, fault, live: () => live };
}

function cycle(plan: RunPlan, run: RunSv72, record: RunRecord, change: Partial<CycleRun> = {}): CycleRun {
  return {
    plan,
    record,
    skip: [],
    until: 'promote',
    budget: { ms: 3_600_000, costPerHour: 0 },
    run,
    signal: new AbortController().signal,
    canaryMs: 60_000,
    onStep: () => undefined,
    pollMs: 1,
    ...change,
  };
}

/** A folder of runs with one run in it, as the command makes it. */
function begin() {
  const runs = folder();
  const record = newRun({ options: '{}', version: '1.1.0', live: '/live' }, 1_780_272_000_000);
  return { runs, record, plan: planIn(join(runs, record.id)) };
}

describe('the automatic cycle', () => {
  it('takes all steps and promotes a canary once it is proved', async () => {
    const { plan, record, runs } = begin();
    const it = world(plan);
    const steps: string[] = [];
    const end = await runCycle(
      cycle(plan, it.run, record, { onStep: (step, what) => steps.push(`${step} ${what}`) }),
    );
    expect(end).toMatchObject({ outcome: 'done', record: { outcome: 'done' } });
    expect(steps).toEqual(STEPS.flatMap((step) => [`${step} begins`, `${step} done`]));
    expect(it.live()).toBe(plan.place.bundle);
    expect(it.asked[0]).toEqual(['data', 'pull', 'natix', '--out', plan.place.data]);
    expect(it.asked[1]?.slice(-2)).toEqual(['--recipe', 'plain']);
    expect(await openRun(runs)).toBeUndefined();
  });

  it('killed at any command, before or after it did its work, it comes to the same end, each thing done once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }), async (kills) => {
        const { plan, record, runs } = begin();
        const it = world(plan);
        let state = record;
        for (const more of kills) {
          it.fault.at = it.asked.length + more;
          const ended = await runCycle(cycle(plan, it.run, state)).catch(() => undefined);
          if (ended !== undefined) break;
          const found = await openRun(runs);
          if (found === undefined) throw new Error('the run is lost');
          state = found;
        }
        it.fault.at = undefined;
        await runCycle(cycle(plan, it.run, state));
        expect(it.live()).toBe(plan.place.bundle);
        expect(it.made).toMatchObject({ trained: 1, canary: 1, promoted: 1 });
      }),
      { numRuns: 12 },
    );
  });

  it.each(['first', 'undecided'] as const)(
    'stops with the report when the verdict is %s',
    async (verdict) => {
      const { plan, record, runs } = begin();
      const it = world(plan, verdict);
      expect(await runCycle(cycle(plan, it.run, record))).toMatchObject({ outcome: 'not better' });
      expect(it.made).toMatchObject({ uploaded: 0, canary: 0 });
      expect(await openRun(runs)).toBeUndefined();
    },
  );

  it('stops after --until and goes on from there; skipped steps are not taken', async () => {
    const { plan, record, runs } = begin();
    const it = world(plan);
    const skip: Step[] = ['pull'];
    expect(await runCycle(cycle(plan, it.run, record, { until: 'evaluate', skip }))).toMatchObject({
      outcome: 'until',
    });
    expect(it.made).toMatchObject({ dataset: 0, trained: 1, uploaded: 0 });
    const found = await openRun(runs);
    expect(await runCycle(cycle(plan, it.run, found ?? record, { skip }))).toMatchObject({ outcome: 'done' });
    expect(it.made).toMatchObject({ trained: 1, promoted: 1 });
  });

  it('ends when its time or its money is used up, over all tries', async () => {
    const { plan, record } = begin();
    const it = world(plan);
    const spent = { ...record, spentMs: 2 * 3_600_000 };
    const budget = { ms: 3_600_000, costPerHour: 2.5 };
    await expect(runCycle(cycle(plan, it.run, spent, { budget }))).rejects.toMatchObject({
      code: 'ERR_REFRESH_BUDGET',
      message: expect.stringContaining('after 2.00 hours, which cost 5.00'),
    });
    expect(it.asked).toEqual([]);
  });

  it('interrupts the command that runs when the time is up', async () => {
    const { plan, record } = begin();
    const hangs: RunSv72 = async (_, { signal }) =>
      await new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ exit: 130, result: undefined }), { once: true }),
      );
    const run = runCycle(cycle(plan, hangs, record, { budget: { ms: 30, costPerHour: 0 } }));
    await expect(run).rejects.toMatchObject({ code: 'ERR_REFRESH_BUDGET' });
  });

  it('says which step failed, why and where the log is', async () => {
    const { plan, record } = begin();
    const error = { code: 'ERR_HUB_TOKEN', message: 'There is no token.', next: 'Make one.' };
    const run: RunSv72 = async () => ({ exit: 1, result: { error } });
    await expect(runCycle(cycle(plan, run, record))).rejects.toMatchObject({
      code: 'ERR_REFRESH_STEP',
      message: 'The step pull failed: There is no token.',
      next: 'Make one.',
      details: { step: 'pull', code: 'ERR_HUB_TOKEN', log: join(plan.place.dir, 'pull.log') },
    });
  });
});

it('a training that was begun is gone on with, whether it still runs or not', () => {
  const { plan } = begin();
  expect(commandOf('train', plan, false)).not.toContain('--resume');
  expect(commandOf('train', plan, true).slice(-3)).toEqual(['--resume', '--if-running', 'attach']);
  const words = { train: ['--if-running', 'stop'] };
  expect(commandOf('train', { ...plan, words }, true).slice(-3)).toEqual([
    '--if-running',
    'stop',
    '--resume',
  ]);
});

it('words for steps are read as a shell would', () => {
  expect(stepWords(['train=--recipe plain --name "a b"', "train=--licence 'c'", 'pull=natix'])).toEqual({
    train: ['--recipe', 'plain', '--name', 'a b', '--licence', 'c'],
    pull: ['natix'],
  });
  expect(() => stepWords(['trian=x'])).toThrow(/STEP=WORDS/);
  expect(() => stepWords(['train="x'])).toThrow(/not closed/);
});

it.each([
  [['1.2.3', '1.10.0', '1.9.9'], '1.11.0'],
  [['2.0.0-rc.1', '1.9.0'], '2.1.0'],
  [[], '1.0.0'],
])('after %j comes %s', (versions, next) => expect(nextVersion(versions)).toBe(next));
