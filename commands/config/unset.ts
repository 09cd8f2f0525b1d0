import { Args } from '@oclif/core';
import { settingKey, unsetSetting } from '../../src/config/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class ConfigUnset extends Sv72Command {
  static override summary = 'Take one value out of sv72.yaml, so that its default holds again.';
  static override examples = ['<%= config.bin %> config unset axon.port'];
  static override args = {
    key: Args.string({ description: 'setting, as `config show` names it', required: true }),
  };

  async run(): Promise<ResultOf<'config unset'>> {
    const { args } = await this.parse(ConfigUnset);
    const { path, settings } = await this.settings();
    const key = await settingKey(args.key, settings.profile);
    const existed = await unsetSetting(path, key);
    this.say(existed ? `${key} is taken out of ${path}` : `${key} was not set in ${path}`);
    return { key, existed, path };
  }
}
