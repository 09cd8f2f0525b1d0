import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const SHA256_BYTES = 32;

/**
 * What a cache file holds, undefined when it is missing or not whole. A cache never fails: what cannot be read is asked for again.
 */
export async function readChecked(path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await readFile(path);
    const content = file.subarray(SHA256_BYTES);
    const sum = createHash('sha256').update(content).digest();
    return sum.equals(file.subarray(0, SHA256_BYTES)) ? new Uint8Array(content) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a cache file, its checksum first, so that a reader sees all of it or nothing. Whatever goes wrong is let be. */
export async function writeChecked(path: string, content: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const sum = createHash('sha256').update(content).digest();
    await writeFile(temporary, Buffer.concat([sum, content]), { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
