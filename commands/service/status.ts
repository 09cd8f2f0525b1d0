import type { ResultOf } from '../../src/results/index.ts';
import { ourServices } from '../../src/serving-ui/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class ServiceStatus extends Sv72Command {
  static override summary = 'Show the services of sv72 on this machine.';
  static override description = 'The exit code is 1 where one has failed or cannot start.';
  static override examples = ['<%= config.bin %> service status'];

  async run(): Promise<ResultOf<'service status'>> {
    await this.parse(ServiceStatus);
    const services = await ourServices();
    for (const { name, manager, scope, active, file, runs, problems } of services) {
      this.say(
        `${name.padEnd(16)} ${manager === 'pm2' ? 'PM2' : `systemd, ${scope}`}, ${active}, runs \`sv72 ${runs}\`: ${file}`,
      );
      for (const problem of problems) this.say(`${''.padEnd(16)} ${problem}`);
    }
    if (services.length === 0) this.say('There is no service of sv72; `sv72 service install` makes one.');
    if (services.some(({ active, problems }) => active === 'failed' || problems.length > 0))
      process.exitCode = 1;
    return { services: services.map((one) => ({ ...one, problems: [...one.problems] })) };
  }
}
