import { Args } from '@oclif/core';
import { setSetting, settingKey, settingText } from '../../src/config/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class ConfigSet extends Sv72Command {
  static override summary = 'Set one value in sv72.yaml; comments and all else in it stay.';
  static override description =
    'btcli’s names are understood too: wallet_name, wallet_hotkey, wallet_path, network.';
  static override examples = [
    '<%= config.bin %> config set wallet.name miner1',
    '<%= config.bin %> config set wallet.hotkeys hk1,hk2',
    '<%= config.bin %> config set axon.port 8100',
  ];
  static override args = {
    key: Args.string({ description: 'setting, as `config show` names it', required: true }),
    value: Args.string({ description: 'value; lists with commas', required: true }),
  };

  async run(): Promise<ResultOf<'config set'>> {
    const { args } = await this.parse(ConfigSet);
    const { path, settings } = await this.settings();
    const key = await settingKey(args.key, settings.profile);
    const value = await setSetting(path, key, args.value);
    this.say(`${key} is now ${settingText(value)} (${path})`);
    return { key, value, path };
  }
}
