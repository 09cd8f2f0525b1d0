import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Sv72Error } from '../../errors/index.ts';
import { type Repository, refusal, type ShardFile } from './repository.ts';
import { type HubClient, requireGoing, unreachable } from './request.ts';

/** Tries in a row that brought not a byte. */
const FRUITLESS = 6;

/** Where a shard lies once it is whole. */
function shardPath(folder: string, { digest }: ShardFile): string {
  return join(folder, `${digest.hex}.parquet`);
}

/**
 * Downloads a shard into a folder, going on where an earlier run or a broken connection stopped, and compares its
 * hash before it takes its final name.
 *
 * @param onBytes called with the bytes that are there, now and then
 * @returns the file's path
 * @throws Sv72Error ERR_HUB_NOT_FOUND, ERR_HUB_UNREACHABLE, ERR_HUB_DAMAGED, ERR_INTERRUPTED, and what the file system says
 */
export async function downloadShard(
  client: HubClient,
  { name, commit }: Pick<Repository, 'name' | 'commit'>,
  shard: ShardFile,
  folder: string,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<string> {
  const whole = shardPath(folder, shard);
  if ((await sizeOf(whole)) === shard.bytes) return whole;
  await mkdir(folder, { recursive: true });
  const part = `${whole}.part`;
  const path = shard.path.split('/').map(encodeURIComponent).join('/');
  const url = `${client.endpoint}/datasets/${name}/resolve/${commit}/${path}`;
  for (let round = 1; ; round++) {
    await fetchAll(client, name, url, shard, part, onBytes);
    if ((await digestOf(part, shard)) === shard.digest.hex) break;
    // A part of an older, damaged try may be at the bottom of it: once more from the start.
    await rm(part, { force: true });
    if (round === 2) {
      throw new Sv72Error(
        'ERR_HUB_DAMAGED',
        `${shard.path} of ${name} arrives with another hash than the Hub lists.`,
        {
          details: { dataset: name, file: shard.path },
        },
      );
    }
  }
  await rename(part, whole);
  return whole;
}

async function fetchAll(
  client: HubClient,
  name: string,
  url: string,
  shard: ShardFile,
  part: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const file = await open(part, 'a');
  try {
    let have = (await file.stat()).size;
    let fruitless = 0;
    while (have !== shard.bytes) {
      requireGoing(client.signal);
      if (have > shard.bytes) have = await cut(file);
      const before = have;
      const response = await client.get(url, have > 0 ? { range: `bytes=${have}-` } : {});
      if (response.status === 416 || (response.status === 200 && have > 0)) have = await cut(file);
      if (response.status !== 416 && !response.ok) throw await refusal(client, response, name);
      let problem: unknown = new Error('the connection ended early');
      try {
        if (response.status === 416) await response.body?.cancel();
        else if (startsAt(response, have)) {
          for await (const piece of pieces(response, client.patienceMs)) {
            requireGoing(client.signal);
            await file.appendFile(piece);
            have += piece.length;
            onBytes(have);
          }
        } else problem = new Error('it sent another part than asked for');
      } catch (error) {
        if (error instanceof Sv72Error || isOfTheDisk(error)) throw error;
        problem = error;
      }
      if (have === shard.bytes) break;
      fruitless = have > before ? 0 : fruitless + 1;
      if (fruitless >= FRUITLESS) throw unreachable(client.endpoint, problem);
      await client.pause(fruitless + 1);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function cut(file: FileHandle): Promise<0> {
  await file.truncate(0);
  return 0;
}

/** Whether a partial answer begins where we stopped. */
function startsAt(response: Response, have: number): boolean {
  if (response.status !== 206) return have === 0;
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]) === have;
}

/** The body piece by piece; a connection that stands still is given up. */
async function* pieces(response: Response, patienceMs: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  try {
    while (true) {
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the connection stands still')), patienceMs);
      });
      const { done, value } = await Promise.race([reader.read(), silence]);
      clearTimeout(timer);
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    await reader.cancel().catch(() => undefined);
  }
}

async function digestOf(path: string, { digest, bytes }: ShardFile): Promise<string> {
  const hash = createHash(digest.kind === 'sha256' ? 'sha256' : 'sha1');
  if (digest.kind === 'git') hash.update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

/** Errors of writing name the call; those of a connection do so too, but not these codes. */
function isOfTheDisk(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS', 'EFBIG'].includes(String(error.code))
  );
}
