import type { ResultOf } from '../../src/results/index.ts';
import { uninstallServices } from '../../src/serving/index.ts';
import { ourServices, systemdOf } from '../../src/serving-ui/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class ServiceUninstall extends Sv72Command {
  static override summary = 'Stop and remove the services that `sv72 service install` made.';
  static override examples = [
    '<%= config.bin %> service uninstall',
    'sudo <%= config.bin %> service uninstall',
  ];

  async run(): Promise<ResultOf<'service uninstall'>> {
    await this.parse(ServiceUninstall);
    const removed = await uninstallServices(await ourServices(), systemdOf);
    for (const file of removed) this.say(`Removed: ${file}`);
    if (removed.length === 0) this.say('There is no service of sv72.');
    return { removed };
  }
}
