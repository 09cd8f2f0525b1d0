import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_NAME } from '../bundle/index.ts';
import { type Pointer, readPointer } from '../deploy/index.ts';

/** Where miners of this data folder remember what was promoted, a file for each first hotkey and profile. */
export function pointerFile(data: string, hotkey: string, profile: string): string {
  return join(data, 'deploy', `${hotkey}-${profile}.json`);
}

/**
 * The bundle that a miner of this configuration serves: the one that was promoted while the same bundle was configured,
 * as long as it lies unchanged where it was, else the configured one.
 *
 * @param hotkeys whose miner it is (SS58), likely ones first; where none of them promoted anything, that of any other
 *   miner counts if all agree
 */
export async function liveBundle(options: {
  readonly data: string;
  readonly profile: string;
  /** Bundle folder of the configuration. */
  readonly configured: string;
  readonly hotkeys: readonly string[];
}): Promise<string> {
  const { data, profile, configured, hotkeys } = options;
  for (const hotkey of hotkeys) {
    const found = await whole(await readPointer(pointerFile(data, hotkey, profile)), configured);
    if (found !== undefined) return found;
  }
  const names = await readdir(join(data, 'deploy')).catch(() => []);
  const files = names.filter((name) => name.endsWith(`-${profile}.json`));
  const others = await Promise.all(
    files.map(async (name) => await whole(await readPointer(join(data, 'deploy', name)), configured)),
  );
  const [only, ...more] = new Set(others.filter((dir) => dir !== undefined));
  return only !== undefined && more.length === 0 ? only : configured;
}

/** Its folder; undefined where it does not count. */
async function whole(pointer: Pointer | null, configured: string): Promise<string | undefined> {
  if (pointer?.configured !== configured) return undefined;
  const { dir, manifestSha256 } = pointer.live;
  const bytes = await readFile(join(dir, MANIFEST_NAME)).catch(() => undefined);
  if (bytes === undefined) return undefined;
  return createHash('sha256').update(bytes).digest('hex') === manifestSha256 ? dir : undefined;
}
