import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Sv72Error } from '../../errors/index.ts';
import { isDone, type RunRecord, saveRun } from './record.ts';
import type { CommandEnd, RunSv72 } from './spawn.ts';
import { commandOf, minerOf, type RunPlan, STEPS, type Step } from './step.ts';

interface Budget {
  /** Most milliseconds of work, over all tries of a run. */
  readonly ms: number;
  /** Cost of an hour of work, in any unit; 0: nothing. */
  readonly costPerHour: number;
}

export interface CycleRun {
  readonly plan: RunPlan;
  readonly record: RunRecord;
  readonly skip: readonly Step[];
  /** Last step to take. */
  readonly until: Step;
  readonly budget: Budget;
  readonly run: RunSv72;
  readonly signal: AbortSignal;
  /** Longest wait for a canary to be proved, milliseconds. */
  readonly canaryMs: number;
  readonly onStep: (step: Step, what: 'begins' | 'done' | 'was done') => void;
  /** Pause between two looks at a canary, milliseconds (default 15,000). */
  readonly pollMs?: number;
  readonly now?: () => number;
}

/** Ends that are no failures: the new model is not wanted. */
type Stop = 'not better' | 'rolled back';

export interface CycleEnd {
  readonly outcome: 'done' | Stop | 'until';
  readonly record: RunRecord;
}

const comparison = z.looseObject({
  comparison: z.looseObject({
    difference: z.looseObject({ verdict: z.enum(['first', 'second', 'undecided']) }),
  }),
});
const failure = z.looseObject({
  error: z.looseObject({ message: z.string(), next: z.string(), code: z.string() }),
});
const deployed = z.looseObject({
  busy: z.boolean(),
  live: z.looseObject({ dir: z.string() }),
  candidate: z
    .looseObject({
      model: z.looseObject({ dir: z.string() }),
      verdict: z.enum(['good', 'waiting', 'bad']),
      reasons: z.array(z.string()),
    })
    .nullable(),
});

const SAVE_MS = 30_000;
const POLL_MS = 15_000;
/** Longest time that a miner is given to load and try a model that it was given before. */
const LOADING_MS = 600_000;

/**
 * Takes the steps that are left, each in a process of its own. What is done is remembered after each step, so a run that
 * was killed goes on with the step it was at; each step's command goes on by itself where it can.
 *
 * @throws ERR_REFRESH_STEP when a step fails, ERR_REFRESH_BUDGET, ERR_INTERRUPTED
 */
export async function runCycle(options: CycleRun): Promise<CycleEnd> {
  const { plan, skip, until, onStep, now = Date.now } = options;
  let { record } = options;
  await mkdir(plan.place.dir, { recursive: true, mode: 0o700 });
  const before = record.spentMs;
  const start = now();
  const save = async (change: Partial<RunRecord> = {}) => {
    record = { ...record, ...change, spentMs: before + now() - start };
    await saveRun(plan.place.dir, record);
  };
  const saving = setInterval(() => void save().catch(() => undefined), SAVE_MS);
  const limit = new AbortController();
  const left = Math.min(options.budget.ms - before, 2 ** 31 - 1);
  const budgetEnds = setTimeout(() => limit.abort(), Math.max(0, left));
  const signal = AbortSignal.any([limit.signal, options.signal]);
  const stopIfAsked = () => {
    if (options.signal.aborted)
      throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; the same command goes on.');
    if (limit.signal.aborted || left <= 0) throw overBudget(options, record);
  };
  try {
    await save();
    for (const step of STEPS) {
      if (skip.includes(step)) continue;
      if (isDone(record, step)) {
        onStep(step, 'was done');
      } else {
        stopIfAsked();
        onStep(step, 'begins');
        const begun = now();
        const again = record.begun.includes(step);
        await save({ begun: [...new Set([...record.begun, step])] });
        const stop = await take(step, { ...options, signal }, again, stopIfAsked);
        if (stop !== undefined) {
          await save({ outcome: stop });
          return { outcome: stop, record };
        }
        await save({ done: [...record.done, { step, seconds: (now() - begun) / 1000 }] });
        onStep(step, 'done');
      }
      if (step === until) break;
    }
    const open = STEPS.some((step) => !skip.includes(step) && !isDone(record, step));
    await save({ outcome: open ? 'open' : 'done' });
    return { outcome: open ? 'until' : 'done', record };
  } finally {
    clearInterval(saving);
    clearTimeout(budgetEnds);
    await save().catch(() => undefined);
  }
}

/** @returns why it is to stop there; undefined: it goes on */
async function take(
  step: Step,
  options: CycleRun,
  again: boolean,
  stopIfAsked: () => void,
): Promise<Stop | undefined> {
  const { plan, run, signal } = options;
  const { place } = plan;
  const ask = async (words: readonly string[]) => {
    const ended = await run(words, { signal, log: join(place.dir, `${step}.log`) });
    if (ended.exit !== 0) stopIfAsked();
    return ended;
  };
  if (step === 'train' && existsSync(join(place.bundle, 'sv72.json'))) return undefined;
  if (step === 'canary' && again && (await isWithMiner(options, ask, stopIfAsked))) return undefined;
  if (step === 'promote') return await promote(options, ask, stopIfAsked);
  const resumable = step === 'train' && again && existsSync(join(place.work, 'recipe.json'));
  const ended = await ask(commandOf(step, plan, resumable));
  mustBeOk(step, ended, place.dir);
  if (step !== 'evaluate') return undefined;
  const found = comparison.safeParse(ended.result);
  if (!found.success) throw failed(step, 'it said nothing about which model is better', place.dir);
  return found.data.comparison.difference.verdict === 'second' ? undefined : 'not better';
}

type Ask = (words: readonly string[]) => Promise<CommandEnd>;

/** Whether the new model was given to the miner before, which may be loading it still. */
async function isWithMiner(options: CycleRun, ask: Ask, stopIfAsked: () => void): Promise<boolean> {
  const { plan, signal, pollMs = POLL_MS, now = Date.now } = options;
  const { bundle } = plan.place;
  const end = now() + LOADING_MS;
  for (;;) {
    const { live, candidate, busy } = await deployStatus(ask, 'canary', plan);
    if (live.dir === bundle || candidate?.model.dir === bundle) return true;
    if (!busy || now() >= end) return false;
    await delay(Math.min(pollMs, 1_000), undefined, { signal }).catch(() => stopIfAsked());
  }
}

/** Waits until the canary is proved, then makes it the live model. */
async function promote(options: CycleRun, ask: Ask, stopIfAsked: () => void): Promise<Stop | undefined> {
  const { plan, signal, canaryMs, pollMs = POLL_MS, now = Date.now } = options;
  const { bundle, dir } = plan.place;
  const end = now() + canaryMs;
  for (;;) {
    const { live, candidate } = await deployStatus(ask, 'promote', plan);
    if (live.dir === bundle) return undefined;
    if (candidate?.model.dir !== bundle || candidate.verdict === 'bad') return 'rolled back';
    if (candidate.verdict === 'good') break;
    if (now() >= end) {
      throw failed(
        'promote',
        `it was not proved in time (${candidate.reasons.join('; ') || 'too few answers'})`,
        dir,
      );
    }
    await delay(pollMs, undefined, { signal }).catch(() => stopIfAsked());
  }
  mustBeOk('promote', await ask(commandOf('promote', plan, false)), dir);
  return undefined;
}

async function deployStatus(ask: Ask, step: Step, { words }: RunPlan) {
  const ended = await ask(['deploy', 'status', ...minerOf(words)]);
  const found = deployed.safeParse(ended.result);
  if (ended.exit === 0 && found.success) return found.data;
  throw failed(
    step,
    failure.safeParse(ended.result).data?.error.message ?? 'the miner does not say what it does',
  );
}

function mustBeOk(step: Step, { exit, result }: CommandEnd, dir: string): void {
  if (exit === 0) return;
  const error = failure.safeParse(result).data?.error;
  if (error === undefined) throw failed(step, `it ended with ${exit ?? 'a signal'}`, dir);
  throw new Sv72Error('ERR_REFRESH_STEP', `The step ${step} failed: ${error.message}`, {
    next: error.next,
    details: { step, code: error.code, log: join(dir, `${step}.log`) },
  });
}

function failed(step: Step, why: string, dir?: string): Sv72Error {
  return new Sv72Error('ERR_REFRESH_STEP', `The step ${step} failed: ${why.replace(/\.$/, '')}.`, {
    details: { step, ...(dir !== undefined && { log: join(dir, `${step}.log`) }) },
  });
}

function overBudget({ budget }: CycleRun, { spentMs }: RunRecord): Sv72Error {
  const hours = spentMs / 3_600_000;
  const cost = budget.costPerHour > 0 ? `, which cost ${(hours * budget.costPerHour).toFixed(2)}` : '';
  return new Sv72Error('ERR_REFRESH_BUDGET', `The budget is used up after ${hours.toFixed(2)} hours${cost}.`);
}
