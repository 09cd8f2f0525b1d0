import { Args } from '@oclif/core';
import { effectiveSettings, settingKey, settingText } from '../../src/config/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class ConfigGet extends Sv72Command {
  static override summary = 'Print one effective setting.';
  static override examples = [
    '<%= config.bin %> config get wallet.name',
    '<%= config.bin %> config get axon.port',
  ];
  static override args = {
    key: Args.string({ description: 'setting, as `config show` names it', required: true }),
  };

  async run(): Promise<ResultOf<'config get'>> {
    const { args } = await this.parse(ConfigGet);
    const loaded = await this.settings();
    const key = await settingKey(args.key, loaded.settings.profile);
    const found = (await effectiveSettings(loaded)).find((setting) => setting.key === key);
    if (!found) throw new Sv72Error('ERR_CONFIG_KEY', `There is no setting called ${args.key}.`);
    this.say(settingText(found.value));
    return found;
  }
}
