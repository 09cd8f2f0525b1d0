import { Args, Flags } from '@oclif/core';
import { foldersInUse } from '../src/jobs/index.ts';
import { JobCommand, jobFlags } from '../src/jobs-ui/index.ts';
import type { ResultOf } from '../src/results/index.ts';
import { withEnv } from '../src/ui/index.ts';
import { asItEnded, prepareExport } from '../src/variants/index.ts';

export default class ExportOnnx extends JobCommand {
  static override summary = 'Make the ONNX graph of trained weights, in a bundle.';
  static override description =
    'From a bundle of train (its description, figures and files are taken along, its variants are not: they were proved for another graph), ' +
    'from the folder of a run, also of one that was stopped, or from a timm model with config.json and model.safetensors.';
  static override examples = [
    '<%= config.bin %> export-onnx ./my-model --output ./my-model-again',
    '<%= config.bin %> export-onnx ./downloaded --output ./bundle --name other --licence Apache-2.0 --fit stretch',
  ];
  static override args = {
    source: Args.string({ description: 'folder with the weights', required: true }),
  };
  static override flags = {
    ...withEnv({
      output: Flags.string({ summary: 'bundle to write', required: true }),
      replace: Flags.boolean({ summary: 'put it in the place of what is there' }),
      name: Flags.string({
        summary: 'name of the bundle (default: of the folder)',
        helpGroup: 'WHERE THE SOURCE IS NO BUNDLE',
      }),
      'model-version': Flags.string({
        summary: 'version of the model',
        default: '0.1.0',
        helpGroup: 'WHERE THE SOURCE IS NO BUNDLE',
      }),
      licence: Flags.string({
        summary: 'licence of the weights',
        default: 'unknown',
        helpGroup: 'WHERE THE SOURCE IS NO BUNDLE',
      }),
      fit: Flags.option({
        summary: 'how pictures of another size are made to fit',
        options: ['letterbox', 'stretch', 'cover-crop'] as const,
        helpGroup: 'WHERE THE SOURCE IS NO BUNDLE',
      })({ default: 'letterbox' }),
    }),
    ...jobFlags,
  };

  async run(): Promise<ResultOf<'export-onnx'>> {
    const { args, flags } = await this.parse(ExportOnnx);
    const { output, name, licence, fit } = flags;
    const exporting = await prepareExport({
      source: args.source,
      output,
      replace: flags.replace === true,
      name,
      version: flags['model-version'],
      licence,
      fit,
      by: `sv72 ${this.config.version}`,
      inUse: () => foldersInUse(this.jobOptions(flags)),
    });
    try {
      if (flags['dry-run']) return await this.planJob(exporting.spec, flags);
      const { bundle, from } = await exporting.finish(await this.runJob(exporting.spec, flags, asItEnded));
      const { name: called, version } = bundle.manifest;
      const { bytes, sha256 } = bundle.model();
      this.say(`${called} ${version} is in ${bundle.dir}: ${from}, ${(bytes / 1e6).toFixed(1)} MB.`);
      return { event: 'result', bundle: bundle.dir, name: called, version, from, bytes, sha256 };
    } finally {
      await exporting.close();
    }
  }
}
