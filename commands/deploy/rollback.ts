import { Flags } from '@oclif/core';
import { DeployCommand, minerFlag } from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class DeployRollback extends DeployCommand {
  static override summary = 'Take the candidate away; without one, go back to the model before.';
  static override examples = [
    '<%= config.bin %> deploy rollback',
    '<%= config.bin %> deploy rollback --why "too many false alarms at night"',
  ];
  static override flags = {
    ...minerFlag,
    ...withEnv({ why: Flags.string({ summary: 'kept in the history' }) }),
  };

  async run(): Promise<ResultOf<'deploy rollback'>> {
    const { flags } = await this.parse(DeployRollback);
    return await this.order(flags.miner, 'rollback', () => ({
      ...(flags.why !== undefined && { why: flags.why }),
    }));
  }
}
