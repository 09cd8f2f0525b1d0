import { ourMachine, uninstall } from '../../src/refresh/index.ts';
import { RefreshCommand, scheduleFolder } from '../../src/refresh-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class RefreshUninstall extends RefreshCommand {
  static override summary = 'Have `sv72 refresh` no longer started by itself.';
  static override description =
    'Takes away what `sv72 refresh install` made, wherever that was. The log and what was reminded of stay.';
  static override examples = ['<%= config.bin %> refresh uninstall'];

  async run(): Promise<ResultOf<'refresh uninstall'>> {
    await this.parse(RefreshUninstall);
    const removed = await uninstall(ourMachine(), scheduleFolder());
    this.say(removed.length === 0 ? 'It was not installed.' : `Removed from ${removed.join(' and ')}.`);
    return { removed };
  }
}
