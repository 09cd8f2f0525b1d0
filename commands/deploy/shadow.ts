import { bundleArg, TrialCommand, trialFlags } from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class DeployShadow extends TrialCommand {
  static override summary = 'Let a new model compute beside the live one, without answering.';
  static override description =
    'It is loaded beside the live model with a low priority, sees a share of the pictures after they were answered, and is compared with the live model. It never delays an answer: with two pictures under way, further ones are left out.';
  static override examples = [
    '<%= config.bin %> deploy shadow ./my-model-2',
    '<%= config.bin %> deploy shadow ./my-model-2 --share 50% --probe-images ./labelled',
  ];
  static override args = bundleArg;
  static override flags = trialFlags('100%');

  async run(): Promise<ResultOf<'deploy shadow'>> {
    return await this.try('shadow', await this.parse(DeployShadow));
  }
}
