import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { describeManifest, fileLine, inspectBundle } from '../../src/bundle/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';

export default class BundleShow extends Sv72Command {
  static override summary =
    'Show what a model bundle is: its model, input, output, calibration, metrics and files.';
  static override examples = ['<%= config.bin %> bundle show ./my-model'];
  static override args = {
    path: Args.string({ description: 'folder with an sv72.json', required: true }),
  };

  async run(): Promise<ResultOf<'bundle show'>> {
    const { args } = await this.parse(BundleShow);
    const { manifest, files } = await inspectBundle(args.path);
    for (const line of describeManifest(manifest)) this.say(line);
    for (const file of files) this.say(fileLine(file));
    return { path: resolve(args.path), ok: files.every((file) => file.ok), files, manifest };
  }
}
