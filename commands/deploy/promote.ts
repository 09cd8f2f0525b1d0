import { Flags } from '@oclif/core';
import { DeployCommand, minerFlag } from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class DeployPromote extends DeployCommand {
  static override summary = 'Make the candidate the live model.';
  static override description =
    'Refused until the verdict is GOOD, unless --force. A restart goes on with it, as long as sv72.yaml names the same bundle as now; the model before it can be had back by deploy rollback.';
  static override examples = ['<%= config.bin %> deploy promote', '<%= config.bin %> deploy promote --force'];
  static override flags = {
    ...minerFlag,
    ...withEnv({ force: Flags.boolean({ summary: 'also when it is not proved yet' }) }),
  };

  async run(): Promise<ResultOf<'deploy promote'>> {
    const { flags } = await this.parse(DeployPromote);
    return await this.order(flags.miner, 'promote', () => ({ force: flags.force }));
  }
}
