import {
  bundleArg,
  DeployCommand,
  minerFlag,
  probeFlags,
  shareFlag,
  trialOrder,
} from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class DeployAb extends DeployCommand {
  static override summary = 'Let two models share the pictures, to compare them later.';
  static override description =
    'As deploy canary, but what the two models decide is not compared while it runs: only failures and slowness roll it back. sv72.db has the model of each answer.';
  static override examples = [
    '<%= config.bin %> deploy ab ./my-model-2',
    '<%= config.bin %> deploy ab ./my-model-2 --share 30% --probe-images ./labelled',
  ];
  static override args = bundleArg;
  static override flags = { ...minerFlag, ...shareFlag('50%'), ...probeFlags };

  async run(): Promise<ResultOf<'deploy ab'>> {
    const { args, flags } = await this.parse(DeployAb);
    return await this.order(flags.miner, 'ab', () => trialOrder(args.bundle, flags));
  }
}
