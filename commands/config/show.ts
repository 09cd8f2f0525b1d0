import { effectiveSettings, settingText } from '../../src/config/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { networkFlags, Sv72Command, walletFlags } from '../../src/ui/index.ts';

export default class ConfigShow extends Sv72Command {
  static override summary = 'Print the effective settings and where each came from.';
  static override description =
    'Flags go before environment variables (SV72_ before BT_), these before sv72.yaml, and that before what btcli (btcli.json, config.yml) or the official miner (miner.env in this folder) left on this machine.';
  static override examples = ['<%= config.bin %> config show', '<%= config.bin %> config show --json'];
  static override flags = { ...walletFlags, ...networkFlags };

  async run(): Promise<ResultOf<'config show'>> {
    await this.parse(ConfigShow);
    const loaded = await this.settings();
    const settings = await effectiveSettings(loaded);
    const width = Math.max(...settings.map(({ key }) => key.length));
    this.say(`${loaded.path}${loaded.exists ? '' : ' (not there; `sv72 init` makes it)'}`);
    for (const { key, value, origin } of settings) {
      const from = origin.from === 'default' ? '' : `  (${origin.name})`;
      this.say(`${key.padEnd(width)}  ${settingText(value)}${from}`);
    }
    return { path: loaded.path, exists: loaded.exists, settings };
  }
}
