import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { MANIFEST_NAME, parseManifest } from '../../src/bundle/index.ts';
import { dataFolder, expandHome, ourSurroundings, type Settings } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { demoBundle } from '../../src/miner/index.ts';
import {
  commandOf,
  newRun,
  nextVersion,
  openRun,
  type RunPlan,
  type RunRecord,
  runCycle,
  STEPS,
  spawner,
  stepWords,
} from '../../src/refresh/index.ts';
import { RefreshCommand } from '../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { readUploads, tryLock } from '../../src/store/index.ts';
import { settingFlag, withEnv, yesFlag } from '../../src/ui/index.ts';

const HOUR_MS = 3_600_000;

export default class RefreshRun extends RefreshCommand {
  static override summary = 'Let the whole cycle run: pull, train, evaluate, upload, canary, promote.';
  static override description =
    'The new model goes on only if it is better than the live one beyond doubt, on the same pictures; otherwise it stops with the report (exit code 10). ' +
    'Each step is a command of sv72 in a process of its own; --with gives it further flags. Killed or interrupted at any time, the same command goes on with the step it was at. --max-hours and --max-cost hold over all tries together.';
  static override examples = [
    '<%= config.bin %> refresh run --data ./roadwork --until evaluate',
    '<%= config.bin %> refresh run --with "pull=natix --accept-unknown-licence" --with "train=--recipe lora" --max-hours 12 --yes',
    '<%= config.bin %> refresh run --data ./roadwork --skip upload --cost-per-hour 2.5 --max-cost 20 --yes',
  ];
  static override flags = {
    bundle: settingFlag('profiles.*.bundle'),
    repo: settingFlag('hub.repo'),
    store: settingFlag('store.path'),
    ...withEnv({
      data: Flags.string({
        summary: 'dataset folder; without it, the step pull makes one (--with pull=SOURCE)',
      }),
      model: Flags.string({ summary: 'bundle that was trained elsewhere; leaves out the step train' }),
      with: Flags.string({
        summary:
          'further words for the command of a step: "train=--recipe plain --epochs 3"; may be repeated',
        multiple: true,
        multipleNonGreedy: true,
        default: [],
      }),
      until: Flags.option({ summary: 'last step to take', options: STEPS })({ default: 'promote' }),
      skip: Flags.option({
        summary: 'step to leave out; may be repeated',
        options: STEPS,
        multiple: true,
        multipleNonGreedy: true,
      })({ default: [] }),
      'max-hours': Flags.custom<number>({
        summary: 'most hours of work, over all tries',
        parse: async (text) => amount(text, 'max-hours'),
      })({ default: 72 }),
      'max-cost': Flags.custom<number>({
        summary: 'most money, by --cost-per-hour',
        parse: async (text) => amount(text, 'max-cost'),
        dependsOn: ['cost-per-hour'],
      })(),
      'cost-per-hour': Flags.custom<number>({
        summary: 'what an hour of this machine costs',
        parse: async (text) => amount(text, 'cost-per-hour'),
      })(),
      'canary-hours': Flags.custom<number>({
        summary: 'most hours to wait until the canary is proved',
        parse: async (text) => amount(text, 'canary-hours'),
      })({ default: 24 }),
      fresh: Flags.boolean({ summary: 'begin anew, also when an earlier run did not come to its end' }),
      'dry-run': Flags.boolean({ summary: 'show the commands' }),
    }),
    ...yesFlag,
  };

  async run(): Promise<ResultOf<'refresh run'>> {
    const { flags } = await this.parse(RefreshRun);
    const { settings } = await this.settings();
    const words = stepWords(flags.with);
    const model = flags.model === undefined ? undefined : resolve(flags.model);
    const needless = (step: string) =>
      (step === 'pull' && !words.pull) || (step === 'train' && model !== undefined);
    const skip = STEPS.filter((step) => flags.skip.includes(step) || needless(step));
    if (flags.data === undefined && skip.includes('pull')) {
      throw new Sv72Error('ERR_USAGE', 'There are no pictures: --data FOLDER or --with pull=SOURCE.');
    }
    const folder = join(dataFolder(ourSurroundings()), 'refresh', 'runs');
    const live = this.live(settings);
    const options = JSON.stringify({ data: flags.data && resolve(flags.data), model, words, skip, live });
    const earlier = await openRun(folder);
    if (earlier !== undefined && earlier.options !== options && !flags.fresh) {
      throw new Sv72Error(
        'ERR_USAGE',
        `The run ${earlier.id} was begun with other options and did not come to its end.`,
        {
          next: 'Give the same options to go on with it, or --fresh to begin anew.',
        },
      );
    }
    const record =
      flags.fresh || earlier === undefined
        ? newRun(options, this.version(settings, live), Date.now())
        : earlier;
    const plan = planOf(record, join(folder, record.id), { data: flags.data, model }, live, words);
    const last = STEPS.indexOf(flags.until);
    const steps = STEPS.filter((step, index) => index <= last && !skip.includes(step));
    const costPerHour = flags['cost-per-hour'] ?? 0;
    if (flags['dry-run']) {
      for (const step of steps) this.say(['sv72', ...commandOf(step, plan, false)].join(' '));
      return summary('planned', record, plan, skip, costPerHour);
    }
    if (steps.some((step) => ['upload', 'canary', 'promote'].includes(step))) {
      const message = `This takes the steps ${steps.join(', ')} by itself. Go on?`;
      if (!(await this.ask.confirm({ flag: '--yes', message })))
        throw new Sv72Error('ERR_ABORTED', 'Nothing was done.');
    }
    const unlock = tryLock(join(folder, 'lock'));
    if (unlock === undefined) throw new Sv72Error('ERR_REFRESH_BUSY', 'An automatic cycle runs already.');
    const interrupt = new AbortController();
    const stop = () => interrupt.abort();
    process.once('SIGINT', stop).once('SIGTERM', stop);
    try {
      const byMoney =
        flags['max-cost'] === undefined || costPerHour === 0 ? Infinity : flags['max-cost'] / costPerHour;
      const end = await runCycle({
        plan,
        record,
        skip,
        until: flags.until,
        budget: { ms: Math.min(flags['max-hours'], byMoney) * HOUR_MS, costPerHour },
        run: spawner(join(this.config.root, 'bin', 'run.js'), variables(flags)),
        signal: interrupt.signal,
        canaryMs: flags['canary-hours'] * HOUR_MS,
        onStep: (step, what) => this.note(`${step.padEnd(9)} ${what}`),
      });
      this.say(ENDS[end.outcome]);
      this.say(`Run           ${plan.place.dir}`);
      const result = summary(end.outcome, end.record, plan, skip, costPerHour);
      if (result.report !== null) this.say(`Report        ${result.report}`);
      if (end.outcome === 'not better') process.exitCode = 10;
      return result;
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      unlock();
    }
  }

  private live(settings: Settings): string {
    const { bundle } = settings.profiles[settings.profile];
    const { home, cwd } = ourSurroundings();
    return bundle === 'demo' ? demoBundle(this.config.root) : resolve(cwd, expandHome(bundle, home));
  }

  private version(settings: Settings, live: string): string {
    const manifest = parseManifest(readFileSync(join(live, MANIFEST_NAME), 'utf8'));
    const { repo } = settings.hub;
    const published = readUploads(this.storePath(settings), repo === null ? {} : { repo });
    return nextVersion([manifest.version, ...published.map(({ version }) => version)]);
  }
}

const ENDS = {
  done: 'Done: the new model is better.',
  'not better': 'Stopped: the new model is not better beyond doubt.',
  until: 'Stopped where it was to stop; the same command without --until goes on.',
} as const;

function planOf(
  record: RunRecord,
  dir: string,
  { data, model }: { readonly data: string | undefined; readonly model: string | undefined },
  live: string,
  words: RunPlan['words'],
): RunPlan {
  const place = {
    dir,
    data: data === undefined ? join(dir, 'data') : resolve(data),
    bundle: model ?? join(dir, 'model'),
    work: join(dir, 'train'),
    report: join(dir, 'report.html'),
  };
  return { place, live, version: record.version, words };
}

function summary(
  outcome: ResultOf<'refresh run'>['outcome'],
  record: RunRecord,
  plan: RunPlan,
  skip: readonly string[],
  costPerHour: number,
): ResultOf<'refresh run'> {
  const hours = record.spentMs / HOUR_MS;
  return {
    outcome,
    run: plan.place.dir,
    steps: STEPS.map((step) => {
      const done = record.done.find((one) => one.step === step);
      return {
        step,
        state: skip.includes(step) ? 'skipped' : done ? 'done' : 'open',
        command: ['sv72', ...commandOf(step, plan, false)],
        seconds: done?.seconds ?? null,
      };
    }),
    report: record.begun.includes('evaluate') ? plan.place.report : null,
    spent: { hours, cost: hours * costPerHour },
  };
}

/** What was given here holds for the commands of the steps, too. */
function variables(flags: {
  readonly config: string | undefined;
  readonly repo: string | undefined;
  readonly store: string | undefined;
}): Record<string, string> {
  const { config, repo, store } = flags;
  return {
    ...(config !== undefined && { SV72_CONFIG: resolve(config) }),
    ...(repo !== undefined && { SV72_HUB_REPO: repo }),
    ...(store !== undefined && { SV72_STORE_PATH: resolve(store) }),
  };
}

/** @throws ERR_USAGE */
function amount(text: string, flag: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1e9) return value;
  throw new Sv72Error('ERR_USAGE', `--${flag} takes a number from 0 up, not "${text.slice(0, 40)}".`);
}
