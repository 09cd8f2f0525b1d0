import { resolve } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { fileLine, inspectBundle, loadBundle } from '../../src/bundle/index.ts';
import { trial } from '../../src/inference/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command, withEnv } from '../../src/ui/index.ts';

export default class BundleVerify extends Sv72Command {
  static override summary = 'Check that every file of a model bundle is what its sv72.json lists.';
  static override description =
    'With --run the model is also loaded and given an image, on the device that --device names. The exit code is 1 when something is wrong.';
  static override examples = [
    '<%= config.bin %> bundle verify ./my-model',
    '<%= config.bin %> bundle verify ./my-model --run --device cuda',
  ];
  static override args = {
    path: Args.string({ description: 'folder with an sv72.json', required: true }),
  };
  static override flags = withEnv({
    run: Flags.boolean({ summary: 'load the model and run it once' }),
    device: Flags.option({
      summary: 'where to run it (default: the best that works)',
      options: ['auto', 'cpu', 'cuda', 'tensorrt'] as const,
      dependsOn: ['run'],
    })(),
    precision: Flags.option({
      summary: 'which of the models to run (default: fp32)',
      options: ['auto', 'fp32', 'fp16', 'int8'] as const,
      dependsOn: ['run'],
    })(),
  });

  async run(): Promise<ResultOf<'bundle verify'>> {
    const { args, flags } = await this.parse(BundleVerify);
    const { manifest, files } = await inspectBundle(args.path);
    const { name, version, demo } = manifest;
    const ok = files.every((file) => file.ok);
    for (const file of files) this.say(fileLine(file));
    this.say(`${name} ${version}: ${ok ? 'all files are as listed' : 'DAMAGED'}`);
    if (!ok) process.exitCode = 1;
    const run =
      ok && flags.run
        ? await this.progress('Loading the model', async () =>
            trial({
              bundle: await loadBundle(args.path),
              device: flags.device ?? 'auto',
              precision: flags.precision ?? 'auto',
            }),
          )
        : null;
    for (const attempt of run?.attempts ?? []) {
      this.say(`${attempt.device}: ${attempt.ok ? 'used' : 'not used'} (${attempt.detail})`);
    }
    if (run) this.say(`${run.engine}, ${run.precision}: ${run.infer_ms} ms an image`);
    return { path: resolve(args.path), name, version, demo, ok, files, run };
  }
}
