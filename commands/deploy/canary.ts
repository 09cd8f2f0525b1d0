import { bundleArg, TrialCommand, trialFlags } from '../../src/deploy-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';

export default class DeployCanary extends TrialCommand {
  static override summary = 'Let a new model answer a share of the pictures, beside the live one.';
  static override description =
    'It is checked, loaded, warmed and asked labelled probes before it gets a request, and refused when it is damaged, too slow or worse. Which pictures are its own is decided by their hash. Where it fails, the live model answers; a candidate that breaks the rules (section deploy of sv72.yaml) is rolled back by itself. Nothing is restarted and no request is lost.';
  static override examples = [
    '<%= config.bin %> deploy canary ./my-model-2',
    '<%= config.bin %> deploy canary ./my-model-2 --share 25% --probe-images ./labelled',
  ];
  static override args = bundleArg;
  static override flags = trialFlags('10%');

  async run(): Promise<ResultOf<'deploy canary'>> {
    return await this.try('canary', await this.parse(DeployCanary));
  }
}
