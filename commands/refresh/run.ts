import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { MANIFEST_NAME, type Manifest, parseManifest } from '../../src/bundle/index.ts';
import {
  type ConfiguredMiner,
  dataFolder,
  expandHome,
  type Loaded,
  minersInView,
  ourSurroundings,
  profileBundle,
  type Settings,
  settingsOfMiner,
} from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { demoBundle, liveBundle } from '../../src/miner/index.ts';
import {
  commandOf,
  endLeftOver,
  minerOf,
  newRun,
  nextVersion,
  openRun,
  type RunRecord,
  runCycle,
  STEPS,
  type Step,
  type StepWords,
  spawner,
  stepWords,
} from '../../src/refresh/index.ts';
import {
  amount,
  planOf,
  RefreshCommand,
  runJson,
  runLines,
  stepVariables,
} from '../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { readUploads, tryLock } from '../../src/store/index.ts';
import { settingFlag, walletFlags, withEnv, yesFlag } from '../../src/ui/index.ts';

const HOUR_MS = 3_600_000;

export default class RefreshRun extends RefreshCommand {
  static override summary = 'Let the whole cycle run: pull, train, evaluate, upload, canary, promote.';
  static override description =
    'The new model goes on only if it is better than the live one beyond doubt, on the same pictures; otherwise it stops with the report (exit code 10), as it does when the miner rolls it back. ' +
    'Each step is a command of sv72 in a process of its own; --with gives it further flags. Killed or interrupted at any time, the same command goes on with the step it was at. --max-hours and --max-cost hold over all tries together. ' +
    'Where sv72.yaml lists several `miners`, --hotkey names the one that gets the new model; those that share its profile and bundle get it with it.';
  static override examples = [
    '<%= config.bin %> refresh run --data ./roadwork --until evaluate',
    '<%= config.bin %> refresh run --with "pull=natix --accept-unknown-licence" --with "train=--recipe lora" --max-hours 12 --yes',
    '<%= config.bin %> refresh run --data ./roadwork --hotkey hk2 --yes',
    '<%= config.bin %> refresh run --data ./roadwork --skip upload --cost-per-hour 2.5 --max-cost 20 --yes',
  ];
  static override flags = {
    ...walletFlags,
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
    const loaded = await this.settings();
    const { miner, words, listed } = this.minerOfRun(loaded, stepWords(flags.with), flags.hotkey);
    const settings = settingsOfMiner(loaded.settings, miner);
    const model = flags.model === undefined ? undefined : resolve(flags.model);
    const needless = (step: string) =>
      (step === 'pull' && !words.pull) || (step === 'train' && model !== undefined);
    const skip = STEPS.filter((step) => flags.skip.includes(step) || needless(step));
    if (flags.data === undefined && skip.includes('pull')) {
      throw new Sv72Error('ERR_USAGE', 'There are no pictures: --data FOLDER or --with pull=SOURCE.');
    }
    const steps = STEPS.slice(0, STEPS.indexOf(flags.until) + 1).filter((step) => !skip.includes(step));
    const folder = join(dataFolder(ourSurroundings()), 'refresh', 'runs');
    const { dir: configured, first } = this.configured(settings);
    if (!first && steps.some(isDeploy)) {
      throw new Sv72Error(
        'ERR_DEPLOY_SERVER',
        `The first stage of the profile ${settings.profile} asks a server's own model, so the new bundle cannot be tried or promoted while it is served.`,
        { next: 'Take the steps before that: --until upload.' },
      );
    }
    const data = flags.data && resolve(flags.data);
    const options = JSON.stringify({ data, model, words, skip, configured });
    const earlier = flags.fresh ? undefined : await openRun(folder);
    if (earlier !== undefined && earlier.options !== options) {
      throw new Sv72Error(
        'ERR_USAGE',
        `The run ${earlier.id} was begun with other options and did not come to its end.`,
        { next: 'Give the same options to go on with it, or --fresh to begin anew.' },
      );
    }
    const record =
      earlier ?? (await this.begin(loaded, { settings, miner, listed, options, configured, first, words }));
    const plan = planOf(record, join(folder, record.id), { data, model }, words);
    const costPerHour = flags['cost-per-hour'] ?? 0;
    if (flags['dry-run']) {
      for (const step of steps) this.say(['sv72', ...commandOf(step, plan, false)].join(' '));
      return runJson('planned', record, plan, skip, costPerHour);
    }
    if (steps.some((step) => step === 'upload' || isDeploy(step))) {
      const message = `This takes the steps ${steps.join(', ')} by itself. Go on?`;
      if (!(await this.ask.confirm({ flag: '--yes', message })))
        throw new Sv72Error('ERR_ABORTED', 'Nothing was done.');
    }
    const unlock = tryLock(join(folder, 'lock'));
    if (unlock === undefined) throw new Sv72Error('ERR_REFRESH_BUSY', 'An automatic cycle runs already.');
    const interrupt = new AbortController();
    const stop = () => interrupt.abort();
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, stop);
    try {
      const note = join(folder, 'step.json');
      if (await endLeftOver(note)) this.note('The command that an earlier run left behind was ended.');
      const byMoney =
        flags['max-cost'] === undefined || costPerHour === 0 ? Infinity : flags['max-cost'] / costPerHour;
      const program = join(this.config.root, 'bin', 'run.js');
      const end = await runCycle({
        plan,
        record,
        skip,
        until: flags.until,
        budget: { ms: Math.min(flags['max-hours'], byMoney) * HOUR_MS, costPerHour },
        run: spawner({
          program,
          note,
          env: stepVariables({ ...flags, hotkey: listed ? miner.hotkey : flags.hotkey }),
        }),
        signal: interrupt.signal,
        canaryMs: flags['canary-hours'] * HOUR_MS,
        onStep: (step, what) => this.note(`${step.padEnd(9)} ${what}`),
      });
      const result = runJson(end.outcome, end.record, plan, skip, costPerHour);
      for (const line of runLines(result)) this.say(line);
      if (end.outcome === 'not better' || end.outcome === 'rolled back') process.exitCode = 10;
      return result;
    } finally {
      for (const signal of signals) process.off(signal, stop);
      unlock();
    }
  }

  /**
   * The miner that gets the new model, and the words with which it is named to it.
   *
   * @throws ERR_USAGE when the settings list several and none is named
   */
  private minerOfRun(
    loaded: Loaded,
    words: StepWords,
    typed: string | undefined,
  ): { miner: ConfiguredMiner; words: StepWords; listed: boolean } {
    const { miners, listed } = minersInView(loaded);
    const own = this.ownHotkeys(loaded);
    const [, named] = minerOf(words);
    const miner =
      miners.length > 1 && listed
        ? own.find(({ name, ss58 }) => named === name || named === ss58)?.miner
        : miners[0];
    if (miner === undefined) {
      const names = miners.map(({ hotkey }) => hotkey).join(', ');
      throw new Sv72Error('ERR_USAGE', `The settings list ${miners.length} miners: ${names}.`, {
        next: 'Name the one that gets the new model with --hotkey.',
      });
    }
    const address = own.find(({ name }) => name === miner.hotkey)?.ss58;
    if (named !== undefined || address === undefined || !(listed || typed !== undefined))
      return { miner, words, listed };
    return { miner, words: { ...words, canary: [...(words.canary ?? []), '--miner', address] }, listed };
  }

  /** A new run, compared with the model that is live now. */
  private async begin(
    loaded: Loaded,
    run: {
      readonly settings: Settings;
      readonly miner: ConfiguredMiner;
      readonly listed: boolean;
      readonly options: string;
      readonly configured: string;
      readonly first: boolean;
      readonly words: StepWords;
    },
  ): Promise<RunRecord> {
    const { settings, miner, listed, options, configured, first, words } = run;
    const [, named] = minerOf(words);
    // Those that answer with the same models remember together what was promoted, by the first of them.
    const alike = this.ownHotkeys(listed ? { ...loaded, origins: new Map() } : loaded).filter(
      ({ miner: one }) => one.profile === miner.profile && one.bundle === miner.bundle,
    );
    const live = first
      ? await liveBundle({
          data: dataFolder(ourSurroundings()),
          profile: miner.profile,
          configured,
          hotkeys: [...(named === undefined ? [] : [named]), ...alike.map(({ ss58 }) => ss58)],
        })
      : configured;
    const manifest = manifestIn(live);
    const { repo } = settings.hub;
    const published = readUploads(this.storePath(settings), repo === null ? {} : { repo });
    const version = nextVersion([manifest.version, ...published.map((release) => release.version)]);
    return newRun({ options, version, live }, Date.now());
  }

  /**
   * Bundle folder of the configuration, and whether it is that of the first stage, which alone is ever promoted.
   *
   * @throws ERR_DEPLOY_SERVER where the profile has no bundle
   */
  private configured({ profile, profiles }: Settings): { dir: string; first: boolean } {
    const found = profileBundle(profiles[profile]);
    if (found === undefined) {
      throw new Sv72Error(
        'ERR_DEPLOY_SERVER',
        `The profile ${profile} has no bundle: it asks a server's own model, which the cycle cannot train, compare or replace.`,
        { next: 'Name a profile with a bundle (SV72_PROFILE), or the hotkey of a miner that has one.' },
      );
    }
    const { bundle, place } = found;
    const { home, cwd } = ourSurroundings();
    const dir = bundle === 'demo' ? demoBundle(this.config.root) : resolve(cwd, expandHome(bundle, home));
    return { dir, first: place === 0 };
  }
}

/** @throws ERR_BUNDLE_MISSING, and as `parseManifest` */
function manifestIn(dir: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(dir, MANIFEST_NAME), 'utf8');
  } catch (cause) {
    const message = `There is no model bundle in ${dir}, which the new one is to be compared with.`;
    throw new Sv72Error('ERR_BUNDLE_MISSING', message, { cause });
  }
  return parseManifest(text);
}

/** Whether a running miner is told to change its models. */
function isDeploy(step: Step): boolean {
  return step === 'canary' || step === 'promote';
}
