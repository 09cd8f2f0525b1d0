import { resolve } from 'node:path';
import { Args } from '@oclif/core';
import { loadBundle } from '../../src/bundle/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { Sv72Command } from '../../src/ui/index.ts';
import { listAside, listVariants, renderRows } from '../../src/variants/index.ts';

export default class BundleVariants extends Sv72Command {
  static override summary = 'List the variants of a bundle’s model: size, latency, decisions that differ.';
  static override description =
    'Also those that did not pass their gate and were kept aside, with the reason, and which one serve would take.';
  static override examples = ['<%= config.bin %> bundle variants ./my-model'];
  static override args = {
    path: Args.string({ description: 'folder with an sv72.json', required: true }),
  };

  async run(): Promise<ResultOf<'bundle variants'>> {
    const { args } = await this.parse(BundleVariants);
    const bundle = await loadBundle(args.path);
    const rows = listVariants(bundle.manifest, await listAside(bundle.dir));
    for (const line of renderRows(rows)) this.say(line);
    const { name, version } = bundle.manifest;
    const variants = rows.map((row) => ({ ...row, servedOn: [...row.servedOn] }));
    return { path: resolve(args.path), name, version, variants };
  }
}
