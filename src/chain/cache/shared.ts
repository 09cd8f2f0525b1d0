import { createHash } from 'node:crypto';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockId, Plain, SharedAnswer } from '../types.ts';
import { readChecked, writeChecked } from './files.ts';
import { plainFromJson, plainToJson } from './plain-json.ts';

export interface SharedReadOptions {
  /** Folder of the shared answers; null keeps none. */
  readonly folder: string | null;
  /** All that the answer depends on, the chain's genesis and runtime included. */
  readonly key: string;
  readonly maxAgeMs: number;
  readonly now: () => number;
  readonly load: () => Promise<{ readonly value: Plain; readonly block: BlockId }>;
}

/** How long one process waits for another that is reading the same, and how often it looks, in ms. */
const LONGEST_WAIT_MS = 10_000;
const LOOK_MS = 25;

/**
 * An answer at most `maxAgeMs` old: from this machine's cache, or loaded and put there. Of several processes that want the same at the
 * same time one asks the chain and the others wait for it. Nothing that goes wrong with the files reaches the caller.
 */
export async function sharedRead(options: SharedReadOptions): Promise<SharedAnswer> {
  const { folder, key, now } = options;
  if (folder === null) return await loaded(options);
  const path = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  const fresh = async () => {
    const found = parse(await readChecked(path), key);
    const age = found ? now() - found.readAt : Infinity;
    return found && age >= 0 && age <= options.maxAgeMs ? found : undefined;
  };
  const first = await fresh();
  if (first) return first;
  const lock = await take(`${path}.lock`, fresh);
  if (lock.found) return lock.found;
  try {
    const answer = await loaded(options);
    const text = plainToJson({ ...answer, block: { ...answer.block }, key });
    await writeChecked(path, new TextEncoder().encode(text));
    return answer;
  } finally {
    await lock.release();
  }
}

async function loaded({ load, now }: SharedReadOptions): Promise<SharedAnswer> {
  const { value, block } = await load();
  return { value, block, readAt: now() };
}

function parse(content: Uint8Array | undefined, key: string): SharedAnswer | undefined {
  if (content === undefined) return undefined;
  try {
    const found = plainFromJson(new TextDecoder().decode(content));
    if (typeof found !== 'object' || !('readAt' in found) || found.key !== key) return undefined;
    const { value, readAt, block } = found;
    if (typeof readAt !== 'number' || typeof block !== 'object' || !('hash' in block)) return undefined;
    const { hash, number } = block;
    if (typeof hash !== 'string' || typeof number !== 'number') return undefined;
    return { value, readAt, block: { hash: `0x${hash.slice(2)}`, number } };
  } catch {
    return undefined;
  }
}

/** Becomes the one that loads, or finds what another loaded meanwhile. A lock that was left behind is taken over. */
async function take(
  path: string,
  fresh: () => Promise<SharedAnswer | undefined>,
): Promise<{ readonly found?: SharedAnswer; readonly release: () => Promise<void> }> {
  const release = () => rm(path, { force: true }).catch(() => undefined);
  const until = performance.now() + LONGEST_WAIT_MS;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(() => undefined);
  for (;;) {
    try {
      await (await open(path, 'wx', 0o600)).close();
      const found = await fresh();
      if (found === undefined) return { release };
      await release();
      return { found, release };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return { release };
    }
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > LONGEST_WAIT_MS || performance.now() > until) {
      await release();
      return { release };
    }
    await sleep(LOOK_MS);
    const found = await fresh();
    if (found) return { found, release: async () => undefined };
  }
}
