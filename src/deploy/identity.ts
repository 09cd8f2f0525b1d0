import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { MANIFEST_NAME, parseManifest, type VerifiedBundle } from '../bundle/index.ts';
import type { ModelIdentity } from './running.ts';

/** SHA-256 of a bundle's manifest: stands for everything in it, since the manifest has the hashes of all files. */
export async function identityOf(bundle: VerifiedBundle): Promise<ModelIdentity> {
  const { name, version } = bundle.manifest;
  return { name, version, dir: bundle.dir, manifestSha256: sha256(await manifestIn(bundle.dir)) };
}

/**
 * What a folder that is no good bundle claims to be, for the history: the folder's name and no version where its
 * manifest cannot be read, and no hash where there is none.
 */
export async function claimedIdentity(folder: string): Promise<ModelIdentity> {
  const dir = resolve(folder);
  const bytes = await manifestIn(dir).catch(() => undefined);
  const manifestSha256 = bytes === undefined ? '' : sha256(bytes);
  try {
    const { name, version } = parseManifest(bytes?.toString('utf8') ?? '');
    return { name, version, dir, manifestSha256 };
  } catch {
    return { name: basename(dir), version: '(unknown)', dir, manifestSha256 };
  }
}

const manifestIn = (dir: string): Promise<Buffer> => readFile(join(dir, MANIFEST_NAME));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
