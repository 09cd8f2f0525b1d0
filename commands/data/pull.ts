import { join } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { cacheFolder, ourSurroundings } from '../../src/config/index.ts';
import { pullDataset } from '../../src/data/index.ts';
import {
  DataCommand,
  importFlags,
  importRules,
  sharesOf,
  size,
  writeFlags,
} from '../../src/data-ui/index.ts';
import { findToken } from '../../src/hub-token/index.ts';
import type { ResultOf } from '../../src/results/index.ts';
import { settingFlag, withEnv } from '../../src/ui/index.ts';

export default class DataPull extends DataCommand {
  static override summary = 'Download a dataset of the Hugging Face Hub and make it one of ours.';
  static override description =
    'Reads its parquet files, or those that the Hub made of it. What was downloaded is checked against the Hub’s hashes; an interrupted run is continued by the same command. ' +
    'A token (HF_TOKEN, or that of Hugging Face’s own tools) is used only where the Hub asks for one. HF_ENDPOINT names another Hub.';
  static override examples = [
    '<%= config.bin %> data pull natix --out ./natix --accept-unknown-licence --shorter-side 768',
    '<%= config.bin %> data pull someone/street-works --out ./works --limit 500',
  ];
  static override args = {
    source: Args.string({ description: 'id of `data list`, or OWNER/NAME of the Hub', required: true }),
  };
  static override flags = {
    ...withEnv({
      out: Flags.string({ summary: 'folder to make', required: true }),
      revision: Flags.string({ summary: 'branch, tag or commit', default: 'main' }),
      limit: Flags.integer({ summary: 'take no more pictures than this', min: 1 }),
      downloads: Flags.string({ summary: 'folder for what is downloaded (default: in the cache)' }),
      'keep-downloads': Flags.boolean({ summary: 'leave the downloaded files there when all is done' }),
    }),
    'hub-url': settingFlag('hub.url'),
    ...importFlags,
    ...writeFlags,
  };

  async run(): Promise<ResultOf<'data pull'>> {
    const { args, flags } = await this.parse(DataPull);
    const { source } = args;
    const { out, revision, limit, name, replace } = flags;
    const { settings } = await this.settings();
    const surroundings = ourSurroundings();
    const rules = importRules(flags);
    const shorterSide = flags['shorter-side'];
    return await this.write(`Pulling ${source}`, ({ status, ...writing }) =>
      pullDataset({
        ...writing,
        ...rules,
        ...{ source, dir: out, revision, replace },
        split: { seed: flags['split-seed'], shares: sharesOf(flags) },
        downloads: flags.downloads ?? join(cacheFolder(surroundings), 'downloads'),
        keepDownloads: flags['keep-downloads'],
        hub: {
          endpoint: settings.hub.url.replace(/\/+$/, ''),
          token: () => findToken({ at: surroundings }),
          signal: writing.signal,
        },
        onDownload: ({ shard, of, bytes, ofBytes }) =>
          status(`downloading file ${shard} of ${of}: ${size(bytes)} of ${size(ofBytes)}`),
        ...(limit !== undefined && { limit }),
        ...(shorterSide !== undefined && { shorterSide }),
        ...(name !== undefined && { name }),
      }),
    );
  }
}
