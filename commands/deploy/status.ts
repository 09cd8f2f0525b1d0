import { DeployCommand, minerFlag } from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class DeployStatus extends DeployCommand {
  static override summary = 'Show which model of the running miner is live, and how a candidate does.';
  static override description =
    'The verdict on a candidate is GOOD (enough answers, nothing against it), WAITING or BAD (it is about to be rolled back). The exit code is 0 for each.';
  static override examples = ['<%= config.bin %> deploy status', '<%= config.bin %> deploy status --json'];
  static override flags = { ...minerFlag };

  async run(): Promise<ResultOf<'deploy status'>> {
    const { flags } = await this.parse(DeployStatus);
    return await this.order(flags.miner, 'status');
  }
}
