import { Flags } from '@oclif/core';
import { connectFor } from '../src/chain-ui/index.ts';
import { ourSurroundings } from '../src/config/index.ts';
import {
  chosenChecks,
  doctorContext,
  exitOf,
  renderDiagnosis,
  runChecks,
  worst,
} from '../src/doctor/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import {
  connectionFlags,
  networkFlags,
  Sv72Command,
  settingFlag,
  settingListFlag,
  walletFlags,
  withEnv,
} from '../src/ui/index.ts';

export default class Doctor extends Sv72Command {
  static override summary = 'Look at everything a miner needs, and say what to mend and how.';
  static override description =
    'Changes nothing and asks for no password. Every finding that needs mending comes with one command. ' +
    'Where sv72.yaml lists `miners`, all of them are looked at as `serve --all` runs them, and findings name them; --hotkey names some of them. With --profile, --bundle, --device or a port it looks at what `serve` would run with these flags. ' +
    'The exit code is that of the worst finding: 0 nothing to mend, 10 warnings or things that could not be found out, 20 something must be mended.';
  static override examples = [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --only registration,axon,ports',
    '<%= config.bin %> doctor --hotkey hk2',
    '<%= config.bin %> doctor --offline --json',
  ];
  static override flags = {
    ...walletFlags,
    hotkey: settingListFlag('wallet.hotkeys'),
    ...networkFlags,
    ...connectionFlags,
    profile: settingFlag('profile'),
    bundle: settingFlag('profiles.*.bundle'),
    device: settingFlag('profiles.*.device'),
    port: settingFlag('axon.port'),
    'external-ip': settingFlag('axon.external_ip'),
    'external-port': settingFlag('axon.external_port'),
    store: settingFlag('store.path'),
    ...withEnv({
      only: Flags.string({ summary: 'only these checks, by name', multiple: true, delimiter: ',' }),
      offline: Flags.boolean({ summary: 'leave out what needs the chain' }),
    }),
  };

  async run(): Promise<ResultOf<'doctor'>> {
    const { flags } = await this.parse(Doctor);
    const checks = chosenChecks(flags.only);
    const loaded = await this.settings();
    const { settings } = loaded;
    let close = async () => {};
    const context = doctorContext({
      loaded,
      surroundings: ourSurroundings(),
      packageRoot: this.config.root,
      connect: async () => {
        const chain = await connectFor({
          network: settings.network,
          chain: settings.chain,
          timeoutMs: 4_000,
          note: () => undefined,
        });
        close = () => chain.close();
        return chain;
      },
    });
    const diagnoses = await this.progress(`Making ${checks.length} checks`, () =>
      runChecks({ checks, context, offline: flags.offline }),
    );
    await close();
    for (const diagnosis of diagnoses) for (const line of renderDiagnosis(diagnosis)) this.say(line);
    const status = worst(diagnoses);
    process.exitCode = exitOf(status);
    return {
      status,
      netuid: context.netuid,
      network: flags.offline ? 'offline' : settings.network,
      checks: diagnoses.map(({ fix = null, miners = [], ...rest }) => ({
        ...rest,
        miners: [...miners],
        fix,
      })),
    };
  }
}
