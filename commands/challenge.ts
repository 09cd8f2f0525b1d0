import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { expandHome, type Loaded, minersInView, ourSurroundings } from '../src/config/index.ts';
import { Sv72Error } from '../src/errors/index.ts';
import {
  type ChallengeTarget,
  findLocalMiners,
  renderAnswer,
  renderSummary,
  resolveTargets,
  runChallenges,
} from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { Sv72Command, walletFlags, withEnv } from '../src/ui/index.ts';
import { type Keypair, listWallet, loadHotkey } from '../src/wallet/index.ts';
import { makeKey, type PasswordFlags, passwordsFrom, unlockFlags } from '../src/wallet-ui/index.ts';

const GENERATIONS = { 1: 1, 2: 2, 3: 3, mixed: 'mixed' } as const;
const LEVELS = { 0: 0, 1: 1, 2: 2, 3: 3 } as const;
const MOST_SEEDS = 2 ** 31;

interface TargetFlags {
  readonly target: string[] | undefined;
  readonly 'axon-hotkey': string[] | undefined;
  readonly local: boolean;
  readonly 'from-config': boolean;
}

interface ValidatorFlags extends PasswordFlags {
  readonly 'validator-wallet': string | undefined;
  readonly 'validator-hotkey': string | undefined;
  readonly 'validator-uri': string | undefined;
}

export default class Challenge extends Sv72Command {
  static override summary = 'Ask miners as a validator would, and show what it would make of the answers.';
  static override description =
    'Sends drawn street scenes, or images of a folder with the sub-folders roadwork and none, signed by a hotkey; augments and scores them as validators do. ' +
    'It asks only whom you name: --target, --local or --from-config. The exit code is 1 when nothing was answered.';
  static override examples = [
    '<%= config.bin %> challenge --local',
    '<%= config.bin %> challenge --local --generation 3 --count 20 --seed 7',
    '<%= config.bin %> challenge --target 203.0.113.5:8091 --axon-hotkey 5F… --validator-hotkey vali --images ./photos --json',
  ];
  static override flags = {
    ...walletFlags,
    ...withEnv({
      target: Flags.string({
        summary: 'host:port to ask; may be repeated',
        multiple: true,
        multipleNonGreedy: true,
        aliases: ['axon'],
        helpGroup: 'TARGET',
      }),
      'axon-hotkey': Flags.string({
        summary:
          'hotkey of the target (address, or name in the wallet), one for all or one each; chooses with --local',
        multiple: true,
        multipleNonGreedy: true,
        helpGroup: 'TARGET',
      }),
      local: Flags.boolean({ summary: 'ask all miners that you run on this machine', helpGroup: 'TARGET' }),
      'from-config': Flags.boolean({
        summary:
          'ask the hotkeys of the configuration (its `miners`, where it lists any) on their ports on this machine',
        helpGroup: 'TARGET',
      }),
      'validator-wallet': Flags.string({
        summary: 'wallet of the hotkey that signs, instead of --wallet-name',
        helpGroup: 'VALIDATOR',
      }),
      'validator-hotkey': Flags.string({
        summary: 'hotkey that signs, instead of the first --hotkey',
        helpGroup: 'VALIDATOR',
      }),
      'validator-uri': Flags.string({
        summary: 'sign with a public development key such as //Alice',
        exclusive: ['validator-wallet', 'validator-hotkey'],
        helpGroup: 'VALIDATOR',
      }),
      generation: Flags.option({
        options: ['1', '2', '3', 'mixed'] as const,
        summary: 'kind of validator: January, April or May 2026',
      })({ default: 'mixed' }),
      level: Flags.option({
        options: ['0', '1', '2', '3'] as const,
        summary: 'augmentation level of generations 1 and 2; drawn at random otherwise',
      })(),
      count: Flags.integer({ summary: 'images to send', default: 10, min: 1, max: 100_000 }),
      images: Flags.directory({ summary: 'folder of images, labels from its sub-folders', exists: true }),
      seed: Flags.integer({ summary: 'draw the same scenes again', min: 0, max: MOST_SEEDS }),
      width: Flags.integer({ summary: 'width of drawn scenes in pixels', min: 64, max: 8_192 }),
      protocol: Flags.option({
        options: ['axon', 'btauth'] as const,
        summary: 'axon (SDK 9 and 10) or btauth (SDK 11)',
      })({ default: 'axon' }),
      route: Flags.string({ summary: 'another route than /ImageSynapse or /predict' }),
      timeout: Flags.custom<number>({ summary: 'seconds to wait for an answer', parse: seconds })({
        default: 9,
      }),
      concurrency: Flags.integer({ summary: 'images under way at a time', default: 1, min: 1, max: 64 }),
    }),
    ...unlockFlags,
  };

  async run(): Promise<ResultOf<'challenge'>> {
    const { flags } = await this.parse(Challenge);
    const loaded = await this.settings();
    const targets = await this.targets(loaded, flags);
    const keypair = await this.validator(loaded, flags);
    const seed = flags.seed ?? randomInt(MOST_SEEDS);
    const generation = GENERATIONS[flags.generation];
    const { images, protocol, route, width, count, concurrency, timeout } = flags;
    this.say(
      `Asking ${targets.length === 1 ? 'one axon' : `${targets.length} axons`} as ${keypair.ss58}, seed ${seed}`,
    );
    const reports = await runChallenges({
      targets,
      keypair,
      protocol,
      timeoutMs: timeout * 1_000,
      concurrency,
      images: {
        count,
        seed,
        generation,
        ...(flags.level !== undefined && { level: LEVELS[flags.level] }),
        ...(images !== undefined && { folder: images }),
        ...(width !== undefined && { width }),
      },
      ...(route !== undefined && { route }),
      onAnswer: (answer, target) => {
        if (!this.quiet) this.say(renderAnswer(answer, targets.length > 1 ? target : undefined));
      },
    });
    for (const report of reports) for (const line of ['', ...renderSummary(report)]) this.say(line);
    if (reports.every(({ summary }) => summary.answered === 0)) process.exitCode = 1;
    return {
      validator: keypair.ss58,
      protocol,
      generation,
      seed,
      images: images ?? null,
      timeoutS: timeout,
      targets: reports,
    };
  }

  private async targets(loaded: Loaded, flags: TargetFlags): Promise<ChallengeTarget[]> {
    const { wallet, axon } = loaded.settings;
    return await resolveTargets({
      named: flags.target ?? [],
      axonHotkeys: flags['axon-hotkey'] ?? [],
      local: flags.local,
      ...(flags['from-config'] && {
        configured: { host: axon.host, miners: minersInView(loaded).miners },
      }),
      wallet: { root: rootOf(wallet.path), name: wallet.name },
      findLocal: () => findLocalMiners(),
    });
  }

  /** The hotkey that signs. Where no key was named and none is there, any will do to try things out. */
  private async validator(loaded: Loaded, flags: ValidatorFlags): Promise<Keypair> {
    const { settings, origins } = loaded;
    const { wallet } = settings;
    const own =
      origins.get('wallet.hotkeys')?.from === 'default'
        ? minersInView(loaded).miners[0]?.hotkey
        : wallet.hotkeys[0];
    const uri = flags['validator-uri'];
    if (uri !== undefined) return makeKey('12', 'sr25519', uri).keypair;
    const location = {
      root: rootOf(wallet.path),
      wallet: flags['validator-wallet'] ?? wallet.name,
      hotkey: flags['validator-hotkey'] ?? own ?? 'default',
    };
    const named =
      flags['validator-wallet'] !== undefined ||
      flags['validator-hotkey'] !== undefined ||
      ['wallet.name', 'wallet.hotkeys'].some((key) => origins.get(key)?.from !== 'default');
    if (!named && listWallet(location.root, location.wallet) === undefined) {
      this.note('No hotkey was named, so a throwaway key signs.');
      return makeKey('12', 'sr25519').keypair;
    }
    return await loadHotkey(location, passwordsFrom(flags, this.ask));
  }
}

function rootOf(path: string): string {
  const { home, cwd } = ourSurroundings();
  return resolve(cwd, expandHome(path, home));
}

async function seconds(text: string): Promise<number> {
  const value = Number(text);
  if (value >= 0.05 && value <= 600) return value;
  throw new Sv72Error('ERR_USAGE', '--timeout takes seconds from 0.05 to 600.');
}
