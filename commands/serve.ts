import { Flags } from '@oclif/core';
import { ourSurroundings, type Surroundings } from '../src/config/index.ts';
import type { Sv72Error } from '../src/errors/index.ts';
import {
  createLineSink,
  type MinerEvent,
  planMiners,
  planOneGroup,
  renderEvent,
  type ServePlan,
  seatHotkeys,
  serveUntilStopped,
  startMiner,
  unservedWarning,
} from '../src/miner/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import {
  connectionFlags,
  networkFlags,
  Sv72Command,
  settingFlag,
  settingListFlag,
  settingSwitch,
  walletFlags,
  withEnv,
} from '../src/ui/index.ts';
import { passwordsFrom, unlockFlags } from '../src/wallet-ui/index.ts';

export default class Serve extends Sv72Command {
  static override summary = 'Run the miner in the foreground: answer validators until it is stopped.';
  static override description =
    'Prints what is running, then one line for each challenge; with --json one JSON object a line, the first of which is {"event":"listening"}. ' +
    'The first SIGTERM or Ctrl-C lets it finish what is under way, a second one ends it at once; SIGHUP reads the list of callers and the chain again. ' +
    'On a network the subnet’s validators may ask, and the axon is announced (free) under the address given by --external-ip or found on this machine’s interfaces.';
  static override examples = [
    '<%= config.bin %> serve --offline --allow-any',
    '<%= config.bin %> serve --wallet-name miner1 --hotkey hk1 --external-ip 192.0.2.7 --external-port 40091 --bundle ./my-model',
    '<%= config.bin %> serve --wallet-name miner1 --hotkey hk1 --hotkey hk2 --port 8091 --allow-file callers.txt --bundle ./my-model',
    '<%= config.bin %> serve --all',
    '<%= config.bin %> serve --offline --allow-any --port 0 --json',
  ];
  static override flags = {
    ...walletFlags,
    hotkey: settingListFlag('wallet.hotkeys'),
    ...networkFlags,
    ...connectionFlags,
    host: settingFlag('axon.host'),
    port: settingFlag('axon.port'),
    announce: settingSwitch('axon.announce'),
    'external-ip': settingFlag('axon.external_ip'),
    'external-port': settingFlag('axon.external_port'),
    'prometheus-port': settingFlag('axon.prometheus_port'),
    profile: settingFlag('profile'),
    bundle: settingFlag('profiles.*.bundle'),
    engine: settingFlag('profiles.*.engine'),
    'server-url': settingFlag('profiles.*.server.url'),
    'server-model': settingFlag('profiles.*.server.model'),
    device: settingFlag('profiles.*.device'),
    precision: settingFlag('profiles.*.precision'),
    variant: settingFlag('profiles.*.variant'),
    threads: settingFlag('profiles.*.threads'),
    prior: settingFlag('profiles.*.prior'),
    'allow-file': settingFlag('callers.file'),
    'allow-any': settingSwitch('callers.allow_any'),
    'allow-validators': settingSwitch('callers.validators'),
    'require-permit': settingSwitch('callers.require_permit'),
    'min-stake': settingFlag('callers.min_stake'),
    metrics: settingSwitch('metrics.enabled'),
    'metrics-port': settingFlag('metrics.port'),
    store: settingFlag('store.path'),
    'keep-images': settingSwitch('store.keep_images'),
    ...withEnv({
      all: Flags.boolean({
        summary: 'serve all miners that sv72.yaml lists under `miners`, each with its profile and port',
        exclusive: [
          'hotkey',
          'profile',
          'port',
          'external-port',
          'bundle',
          'engine',
          'server-url',
          'server-model',
          'device',
          'precision',
          'variant',
          'threads',
          'prior',
        ],
      }),
      offline: Flags.boolean({ summary: 'run without any chain' }),
      'force-announce': Flags.boolean({
        summary:
          'announce an address that not everybody can reach, too (private, CGNAT, …); 127.0.0.1 and ::1 the chain itself refuses',
      }),
      'allow-demo-model': Flags.boolean({ summary: 'serve the demonstration model even on a live network' }),
    }),
    ...unlockFlags,
  };

  async run(): Promise<ResultOf<'serve'>> {
    const { flags } = await this.parse(Serve);
    const loaded = await this.settings();
    const { settings } = loaded;
    const options = {
      settings,
      surroundings: ourSurroundings(),
      packageRoot: this.config.root,
      offline: flags.offline,
      allowDemoModel: flags['allow-demo-model'],
      forceAnnounce: flags['force-announce'],
    };
    const plans = flags.all ? planMiners(options) : ([planOneGroup(options)] as const);
    const { groups, left } = await seatHotkeys(plans, {
      wallet: settings.wallet.name,
      passwords: passwordsFrom(flags, this.ask),
      tolerant: flags.all,
    });
    const print = this.printer();
    const stopped = await serveUntilStopped({
      start: async (onEvent) => {
        await this.launch(
          groups.map(({ plan }) => plan),
          options,
          flags.all,
        );
        return await this.loading(() =>
          startMiner({
            groups,
            left: [...left, ...(flags.all ? [] : unservedWarning(loaded, flags.hotkey !== undefined))],
            tolerant: flags.all,
            settings,
            version: this.config.version,
            onEvent,
          }),
        );
      },
      onEvent: print,
    });
    if (!this.jsonEnabled()) print(stopped);
    return stopped;
  }

  protected override get printsLines(): boolean {
    return true;
  }

  protected override logJson(json: unknown): void {
    if (!this.quiet) process.stdout.write(`${JSON.stringify(json)}\n`);
  }

  /**
   * The inference servers of profiles that say so; on stderr, since the first line of the result is that it listens. One that
   * cannot be started is no reason to answer nothing, where others can answer.
   */
  private async launch(
    plans: readonly ServePlan[],
    places: { readonly surroundings: Surroundings; readonly packageRoot: string },
    all: boolean,
  ): Promise<void> {
    if (plans.every(({ profile }) => profile.launch === 'none')) return;
    const { ensureServers, upLines } = await import('../src/serving/index.ts');
    const failed: string[] = [];
    const onFailed = (profileName: string, error: Sv72Error): void => {
      const plan = plans.find((one) => one.profileName === profileName);
      const embedded = plan?.stages.some(({ server }) => server === null) === true;
      if (!all && !embedded) throw error;
      const later = embedded ? 'its other stages answer' : 'its hotkeys wait';
      failed.push(
        `Warning: the servers of the profile ${profileName} were not started, and ${later} until \`sv72 engine up --profile ${profileName}\` has started them: ${error.message}`,
      );
    };
    const up = await this.progress('Starting inference servers', (onStage) =>
      ensureServers(plans, { ...places, onStage, onFailed }),
    );
    for (const line of [...upLines(up), ...failed]) this.note(line);
  }

  /** Tells somebody who waits at a terminal that it goes on. */
  private async loading<T>(start: () => Promise<T>): Promise<T> {
    const waiting = setTimeout(() => {
      if (this.interactive) this.note('The models are being made ready; a server has its ready_s to answer.');
    }, 2_000);
    try {
      return await start();
    } finally {
      clearTimeout(waiting);
    }
  }

  private printer(): (event: MinerEvent) => void {
    if (this.quiet) return () => undefined;
    const sink = createLineSink(process.stdout);
    if (this.jsonEnabled()) return (event) => sink.write(JSON.stringify(event));
    return (event) => {
      for (const line of renderEvent(event)) sink.write(line);
    };
  }
}
