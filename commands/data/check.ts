import { Args, Flags } from '@oclif/core';
import { checkDataset } from '../../src/data/index.ts';
import { DataCommand } from '../../src/data-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class DataCheck extends DataCommand {
  static override summary = 'Check a dataset: every picture, counts, classes, splits, licences.';
  static override description =
    'Errors make a set unusable, and the exit code 1; warnings are for you to judge. Nothing is changed.';
  static override examples = [
    '<%= config.bin %> data check ./set',
    '<%= config.bin %> data check ./set --no-decode',
  ];
  static override args = {
    folder: Args.string({ description: 'folder with a dataset.json', required: true }),
  };
  static override flags = withEnv({
    decode: Flags.boolean({
      summary: 'decode every picture, too, instead of comparing hashes alone',
      default: true,
      allowNo: true,
    }),
  });

  async run(): Promise<ResultOf<'data check'>> {
    const { args, flags } = await this.parse(DataCheck);
    const { dataset, ok, findings } = await this.interruptible('Checking', (signal, status) =>
      checkDataset(args.folder, {
        decode: flags.decode,
        signal,
        onProgress: (done, of) => status(`${done} of ${of}`),
      }),
    );
    for (const { severity, where, what } of findings.slice(0, 100)) this.say(`${severity}: ${where} ${what}`);
    if (findings.length > 100) this.say(`… and ${findings.length - 100} more`);
    const { name, counts } = dataset.manifest;
    this.say(`${name}: ${counts.pictures} pictures, ${ok ? 'in order' : 'DAMAGED'}`);
    if (!ok) process.exitCode = 1;
    const { dir, fingerprint } = dataset;
    return {
      path: dir,
      name,
      fingerprint,
      ok,
      findings: findings.slice(0, 1_000).map((one) => ({ ...one })),
    };
  }
}
