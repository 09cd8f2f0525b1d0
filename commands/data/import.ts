import { Args, Flags } from '@oclif/core';
import { importDataset } from '../../src/data/index.ts';
import { DataCommand, importFlags, importRules, sharesOf, writeFlags } from '../../src/data-ui/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { withEnv } from '../../src/ui/index.ts';

export default class DataImport extends DataCommand {
  static override summary =
    'Make a dataset of pictures of your own: folders, CSV, parquet, COCO, other datasets.';
  static override description =
    'A folder has sub-folders named roadwork and none; a CSV file a column of paths and one of labels; a parquet file a column of pictures. ' +
    'Several inputs become one set. Every picture is decoded whole; damaged ones are listed and left out. An interrupted import is continued by the same command.';
  static override examples = [
    '<%= config.bin %> data import ./photos --out ./set --licence CC-BY-4.0',
    '<%= config.bin %> data import ./labels.csv --images ./frames --out ./set --licence CC0-1.0',
    '<%= config.bin %> data import ./scene/annotations/instances_train_gps_split.json --images ./scene/images --licence ODC-By-1.0 --attribution "ROADWork, CMU" --out ./roadwork',
    '<%= config.bin %> data import ./set ./hard --out ./set2',
  ];
  static override args = {
    input: Args.string({ description: 'folders or files', required: true, multiple: true }),
  };
  static override flags = {
    ...withEnv({
      out: Flags.string({ summary: 'folder to make', required: true }),
      images: Flags.directory({
        summary: 'folder of the pictures that a CSV or COCO file names',
        exists: true,
      }),
      attribution: Flags.string({ summary: 'line that must accompany what is made from the pictures' }),
      'group-by-folder': Flags.boolean({
        summary: 'keep the pictures of one folder together when splitting',
      }),
    }),
    ...importFlags,
    ...writeFlags,
  };

  async run(): Promise<ResultOf<'data import'>> {
    const { args, flags } = await this.parse(DataImport);
    const inputs = args.input;
    const { out, images, attribution, name, replace } = flags;
    const split = { seed: flags['split-seed'], shares: sharesOf(flags) };
    const rules = {
      ...importRules(flags),
      ...(images !== undefined && { images }),
      ...(attribution !== undefined && { attribution }),
      groupByFolder: flags['group-by-folder'],
    };
    return await this.write(`Importing into ${out}`, (writing) =>
      importDataset({
        ...writing,
        ...rules,
        ...{ inputs, dir: out, split, replace },
        ...(flags['shorter-side'] !== undefined && { shorterSide: flags['shorter-side'] }),
        ...(name !== undefined && { name }),
      }),
    );
  }
}
