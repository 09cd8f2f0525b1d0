import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class ConfigPath extends Sv72Command {
  static override summary = 'Print the path of the configuration file.';
  static override examples = ['<%= config.bin %> config path'];

  async run(): Promise<ResultOf<'config path'>> {
    await this.parse(ConfigPath);
    const { path, exists } = await this.settings();
    this.say(path);
    return { path, exists };
  }
}
