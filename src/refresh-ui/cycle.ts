import { join, resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import {
  type CycleEnd,
  commandOf,
  type RunPlan,
  type RunRecord,
  STEPS,
  type Step,
} from '../refresh/index.ts';
import type { ResultOf } from '../results/index.ts';

type RunResult = ResultOf<'refresh run'>;

const HOUR_MS = 3_600_000;

/** Where everything of a run is. @param dir its folder */
export function planOf(
  record: RunRecord,
  dir: string,
  given: { readonly data: string | undefined; readonly model: string | undefined },
  words: RunPlan['words'],
): RunPlan {
  const place = {
    dir,
    data: given.data === undefined ? join(dir, 'data') : resolve(given.data),
    bundle: given.model ?? join(dir, 'model'),
    work: join(dir, 'train'),
    report: join(dir, 'report.html'),
  };
  return { place, live: record.live, version: record.version, words };
}

export function runJson(
  outcome: RunResult['outcome'],
  record: RunRecord,
  plan: RunPlan,
  skip: readonly Step[],
  costPerHour: number,
): RunResult {
  const hours = record.spentMs / HOUR_MS;
  const done = (step: Step) => record.done.find((one) => one.step === step);
  return {
    outcome,
    run: plan.place.dir,
    steps: STEPS.map((step) => ({
      step,
      state: skip.includes(step) ? 'skipped' : done(step) ? 'done' : 'open',
      command: ['sv72', ...commandOf(step, plan, false)],
      seconds: done(step)?.seconds ?? null,
    })),
    report: record.begun.includes('evaluate') ? plan.place.report : null,
    live: done('promote') ? plan.place.bundle : plan.live,
    spent: { hours, cost: hours * costPerHour },
  };
}

const ENDS: Readonly<Record<CycleEnd['outcome'], string>> = {
  done: 'Done: the new model is better.',
  'not better': 'Stopped: the new model is not better beyond doubt.',
  'rolled back': 'Stopped: the miner did not keep the new model; `sv72 deploy history` says why.',
  until: 'Stopped where it was to stop; the same command without --until goes on.',
};

/** How a run ended, for people. */
export function runLines({ outcome, run, report, live, steps }: RunResult): string[] {
  const done = (wanted: Step) => steps.some(({ step, state }) => step === wanted && state === 'done');
  const lines = [
    ...(outcome === 'planned' ? [] : [ENDS[outcome]]),
    `Run           ${run}`,
    ...(report === null ? [] : [`Report        ${report}`]),
    `Live model    ${live}`,
  ];
  if (done('promote')) {
    lines.push(
      '              Keep that folder: the miner goes on with it after a restart, too, whatever bundle',
    );
    lines.push('              the settings name, until they name another one than now.');
  }
  if (outcome === 'rolled back' && done('upload')) {
    lines.push(
      'It is published, however: `sv72 upload --rollback REVISION` puts the release before it back.',
    );
  }
  return lines;
}

/** What was given to the run holds for the commands of its steps, too. */
export function stepVariables(flags: {
  readonly config: string | undefined;
  readonly 'wallet-name': string | undefined;
  readonly 'wallet-path': string | undefined;
  readonly hotkey: string | undefined;
  readonly repo: string | undefined;
  readonly store: string | undefined;
}): Record<string, string> {
  const { config, repo, store, hotkey, 'wallet-name': wallet, 'wallet-path': path } = flags;
  return {
    ...(config !== undefined && { SV72_CONFIG: resolve(config) }),
    ...(wallet !== undefined && { SV72_WALLET_NAME: wallet }),
    ...(path !== undefined && { SV72_WALLET_PATH: path }),
    ...(hotkey !== undefined && { SV72_WALLET_HOTKEYS: hotkey }),
    ...(repo !== undefined && { SV72_HUB_REPO: repo }),
    ...(store !== undefined && { SV72_STORE_PATH: resolve(store) }),
  };
}

/** @throws ERR_USAGE */
export function amount(text: string, flag: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1e9) return value;
  throw new Sv72Error('ERR_USAGE', `--${flag} takes a number from 0 up, not "${text.slice(0, 40)}".`);
}
