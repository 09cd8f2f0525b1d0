import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { moveIntoPlace, scratchFolder } from '../scratch/index.ts';
import { digestFile } from './digest.ts';
import { loadBundle, type VerifiedBundle } from './load.ts';
import {
  BUNDLE_FORMAT,
  type BundleFile,
  bundlePath,
  MANIFEST_NAME,
  type ManifestInput,
  type Precision,
} from './manifest.ts';
import { checkManifest } from './parse.ts';

/** A file to put into a bundle: its content, or the path of a file to copy. Size and hash are computed. */
export interface NewBundleFile {
  readonly path: string;
  readonly role: BundleFile['role'];
  readonly precision?: Precision;
  readonly content: Uint8Array | string | { readonly copyFrom: string };
}

export interface WriteBundleOptions {
  /** The folder to create. */
  readonly dir: string;
  readonly manifest: Omit<ManifestInput, 'format' | 'files'>;
  readonly files: readonly NewBundleFile[];
  /** Put the new bundle in the place of what is there. Without it an existing folder is an error. */
  readonly replace?: boolean;
}

/**
 * Writes a bundle: everything into a temporary folder beside the target, checked as a reader would check it, then
 * moved into place. An interruption leaves either the old bundle or the new one, never a mixture.
 *
 * @throws Sv72Error ERR_BUNDLE_EXISTS, ERR_BUNDLE_INVALID, ERR_FILE_WRITE
 */
export async function writeBundle(options: WriteBundleOptions): Promise<VerifiedBundle> {
  const target = resolve(options.dir);
  const present = await exists(target);
  if (present && options.replace !== true) {
    throw new Sv72Error('ERR_BUNDLE_EXISTS', `${target} already exists.`, { details: { dir: target } });
  }
  let temporary: string | undefined;
  try {
    const parent = dirname(target);
    await mkdir(parent, { recursive: true });
    temporary = await scratchFolder(`.${basename(target)}.new-`, { parent, mode: 0o777 });
    const files: BundleFile[] = [];
    for (const file of options.files) files.push(await addFile(temporary, file));
    const manifest = checkManifest({ format: BUNDLE_FORMAT, ...options.manifest, files });
    await writeDurably(join(temporary, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
    await loadBundle(temporary);
    // Where somebody else put something meanwhile, this refuses.
    if (present) await moveIntoPlace(temporary, target);
    else await rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    if (error instanceof Sv72Error) throw error;
    throw new Sv72Error('ERR_FILE_WRITE', `The bundle ${target} could not be written.`, { cause: error });
  }
  return loadBundle(target);
}

async function addFile(root: string, file: NewBundleFile): Promise<BundleFile> {
  const name = bundlePath.safeParse(file.path);
  if (!name.success) {
    throw new Sv72Error('ERR_BUNDLE_INVALID', `"${file.path}" cannot be a path inside a bundle.`);
  }
  const path = join(root, name.data);
  await mkdir(dirname(path), { recursive: true });
  if (typeof file.content === 'string' || file.content instanceof Uint8Array) {
    await writeDurably(path, file.content);
  } else {
    await copyFile(file.content.copyFrom, path, constants.COPYFILE_EXCL);
  }
  const { role, precision } = file;
  return { path: name.data, role, ...(precision && { precision }), ...(await digestFile(path)) };
}

async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(path, content, { flag: 'wx' });
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
