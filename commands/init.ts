import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { planInit, writeInit } from '../src/config/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import {
  networkFlags,
  Sv72Command,
  settingFlag,
  settingListFlag,
  walletFlags,
  withEnv,
  yesFlag,
} from '../src/ui/index.ts';

export default class Init extends Sv72Command {
  static override summary =
    'Write a commented sv72.yaml: asks the few questions that matter, or takes them from flags.';
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init --yes --wallet-name miner1 --hotkey hk1 --network test --port 8091',
    '<%= config.bin %> init --from-miner-env ~/streetvision-subnet/miner.env --yes',
  ];
  static override flags = {
    ...walletFlags,
    hotkey: settingListFlag('wallet.hotkeys'),
    ...networkFlags,
    port: settingFlag('axon.port'),
    'external-ip': settingFlag('axon.external_ip'),
    profile: settingFlag('profile'),
    bundle: settingFlag('profiles.*.bundle'),
    ...withEnv({
      'from-miner-env': Flags.string({
        summary: 'take the settings of this miner.env of the official miner',
      }),
      overwrite: Flags.boolean({ summary: 'replace an existing file', aliases: ['force'] }),
    }),
    ...yesFlag,
  };

  async run(): Promise<ResultOf<'init'>> {
    const { flags } = await this.parse(Init);
    const plan = await planInit({
      loaded: await this.settings(),
      minerEnv: flags['from-miner-env'],
      overwrite: flags.overwrite,
      schemaLocation: join(this.config.root, 'sv72.schema.json'),
    });
    for (const question of plan.questions) {
      if (flags.yes) continue;
      plan.answer(question.key, await this.ask.text({ ...question, flag: `--${question.flag} or --yes` }));
    }
    const result = await writeInit(plan);
    for (const name of result.unused) this.note(`${name} of miner.env has no meaning here and is left out.`);
    this.say(`Written: ${result.path}`);
    for (const [key, value] of Object.entries(result.settings)) {
      this.say(`  ${key}: ${Array.isArray(value) ? value.join(', ') : value}`);
    }
    return result;
  }
}
