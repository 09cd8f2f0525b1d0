import { rm, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Sv72Error } from '../../errors/index.ts';
import { writeFailed } from '../disk.ts';
import type { DatasetSource } from '../format.ts';
import { rulesOf, writeInputs } from '../import/index.ts';
import { parquetPictures } from '../import/parquet/index.ts';
import type { RowRules } from '../import/rows.ts';
import { requireLicence } from '../licence.ts';
import type { LeftOut } from '../workshop.ts';
import type { NewPicture, WriteDatasetOptions, WrittenDataset } from '../write.ts';
import { downloadShard } from './download.ts';
import { type Repository, readRepository, type ShardFile } from './repository.ts';
import { type HubAccess, hubClient } from './request.ts';
import { KNOWN_SOURCES } from './sources.ts';

interface PullProgress {
  /** Shard that is being downloaded, counted from 1. */
  readonly shard: number;
  readonly of: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

export interface PullOptions
  extends RowRules,
    Omit<WriteDatasetOptions, 'sources' | 'pictures' | 'expected'> {
  /** Id of a known source, or `owner/name` of a dataset of the Hub. */
  readonly source: string;
  /** Branch, tag or commit. Default: main. */
  readonly revision?: string;
  readonly licence?: string;
  readonly acceptUnknownLicence?: boolean;
  /** Takes no more pictures than this, and downloads no more shards than that needs. */
  readonly limit?: number;
  /** Folder of the downloads; what is there is not downloaded again. */
  readonly downloads: string;
  /** Leaves the downloads there when the dataset is finished. */
  readonly keepDownloads?: boolean;
  readonly hub: HubAccess;
  readonly onDownload?: (progress: PullProgress) => void;
}

/**
 * Downloads a dataset of the Hub and makes it one of ours. An interrupted run is continued by the next: by the byte
 * in the download, by the picture after it.
 *
 * @throws Sv72Error ERR_HUB_NOT_FOUND, ERR_HUB_UNREACHABLE, ERR_HUB_DAMAGED, ERR_DATA_LICENCE, ERR_DATA_INPUT, ERR_DISK_FULL,
 *   and those of `writeDataset`
 */
export async function pullDataset(options: PullOptions): Promise<WrittenDataset> {
  const name = repositoryOf(options.source);
  const client = hubClient(options.hub);
  const repository = await readRepository(client, name, options.revision ?? 'main');
  const source: DatasetSource = {
    id: name,
    title: name,
    licence: requireLicence(
      options.licence ?? repository.licence,
      `the dataset ${name}`,
      options.acceptUnknownLicence ?? false,
    ),
    attribution: null,
    url: repository.url,
    revision: repository.commit,
  };
  const folder = join(options.downloads, name.replace('/', '--'), repository.commit);
  if (options.limit === undefined) await requireSpace(repository, options);

  const shard = async (file: ShardFile, index: number) =>
    await downloadShard(client, repository, file, folder, (bytes) =>
      options.onDownload?.({
        shard: index + 1,
        of: repository.shards.length,
        bytes,
        ofBytes: file.bytes,
      }),
    ).catch((error: unknown) => {
      throw writeFailed(`download of ${file.path}`, error, folder);
    });
  const written = await writeInputs(
    [
      {
        sources: [source],
        state: repository.commit,
        pictures: () => picturesOf(repository, shard, source.id, options),
      },
    ],
    { ...options, state: `${rulesOf(options)} ${options.limit ?? ''}` },
  );
  if (options.keepDownloads !== true) await rm(folder, { recursive: true, force: true });
  return written;
}

async function* picturesOf(
  { shards, name }: Repository,
  download: (file: ShardFile, index: number) => Promise<string>,
  source: string,
  { limit = Number.POSITIVE_INFINITY, ...rules }: PullOptions,
): AsyncGenerator<NewPicture | LeftOut> {
  let taken = 0;
  for (const [index, file] of shards.entries()) {
    if (taken >= limit) return;
    const path = await download(file, index);
    const split = /(?:^|[/_.-])(train|test|validation|valid|val|dev)(?=[/_.-])/.exec(file.path)?.[1];
    const { pictures } = await parquetPictures(path, source, rules, `${name}/${file.path}`, {
      keep: true,
    });
    for await (const item of pictures()) {
      if (taken >= limit) return;
      if ('reason' in item) yield item;
      else {
        taken++;
        yield { ...item, tags: [...(item.tags ?? []), ...(split ? [`split:${split}`] : [])] };
      }
    }
  }
}

/** Refuses before the first byte what could not be finished: the shards and as much again for the pictures. */
async function requireSpace(
  { shards, name }: Repository,
  { dir, downloads, shorterSide }: PullOptions,
): Promise<void> {
  const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  const places = [
    { path: resolve(downloads), needs: bytes },
    { path: resolve(dir), needs: shorterSide === undefined ? bytes : bytes / 4 },
  ];
  const free = await Promise.all(places.map(({ path }) => freeAt(path)));
  const same = free[0]?.device === free[1]?.device;
  for (const [index, { path, needs }] of places.entries()) {
    const there = free[index]?.bytes ?? Number.POSITIVE_INFINITY;
    const wanted = same ? places.reduce((sum, place) => sum + place.needs, 0) : needs;
    if (there >= wanted) continue;
    throw new Sv72Error(
      'ERR_DISK_FULL',
      `${name} needs ${gigabytes(wanted)} on the disk of ${path}, and ${gigabytes(there)} are free.`,
      {
        next: 'Free some space, name other folders, or take less with --limit or --shorter-side.',
        details: { path, needs: Math.ceil(wanted), free: there },
      },
    );
  }
}

async function freeAt(path: string): Promise<{ device: string; bytes: number } | undefined> {
  const found = await statfs(path).catch(() => undefined);
  if (found === undefined) return dirname(path) === path ? undefined : await freeAt(dirname(path));
  return { device: `${found.type}:${found.blocks}:${found.files}`, bytes: found.bavail * found.bsize };
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function repositoryOf(source: string): string {
  const known = KNOWN_SOURCES.find(({ id }) => id === source);
  if (known?.repository) return known.repository;
  if (known) {
    throw new Sv72Error('ERR_DATA_INPUT', `${known.title} is not got by \`sv72 data pull\`.`, {
      next: `Here is how: ${known.how}`,
      details: { source },
    });
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(source)) return source;
  throw new Sv72Error('ERR_DATA_INPUT', `${source} is neither a known source nor owner/name of the Hub.`, {
    next: 'Run `sv72 data list` to see the known ones.',
    details: { source },
  });
}
