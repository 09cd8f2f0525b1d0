import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isHex } from '../codec/hex.ts';
import type { Hex } from '../types.ts';
import { readChecked, writeChecked } from './files.ts';

function place(cacheDir: string, url: string): string {
  return join(cacheDir, 'genesis', createHash('sha256').update(url).digest('hex').slice(0, 32));
}

/** The genesis that an address had when it was first connected to; undefined when that is not known. */
export async function rememberedGenesis(
  cacheDir: string | null,
  url: string | undefined,
): Promise<Hex | undefined> {
  if (cacheDir === null || url === undefined) return undefined;
  const found = await readChecked(place(cacheDir, url));
  const text = found && new TextDecoder().decode(found);
  return isHex(text) ? text : undefined;
}

export async function rememberGenesis(
  cacheDir: string | null,
  url: string | undefined,
  genesis: Hex,
): Promise<void> {
  if (cacheDir === null || url === undefined) return;
  await writeChecked(place(cacheDir, url), new TextEncoder().encode(genesis));
}
