import { bundleArg, TrialCommand, trialFlags } from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class DeployAb extends TrialCommand {
  static override summary = 'Let two models share the pictures, to compare them later.';
  static override description =
    'As deploy canary, but what the two models decide is not compared while it runs: only failures and slowness roll it back. sv72.db has the model of each answer.';
  static override examples = [
    '<%= config.bin %> deploy ab ./my-model-2',
    '<%= config.bin %> deploy ab ./my-model-2 --share 30% --probe-images ./labelled',
  ];
  static override args = bundleArg;
  static override flags = trialFlags('50%');

  async run(): Promise<ResultOf<'deploy ab'>> {
    return await this.try('ab', await this.parse(DeployAb));
  }
}
