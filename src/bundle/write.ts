import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
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
  const suffix = randomBytes(6).toString('hex');
  const temporary = join(dirname(target), `.${basename(target)}.new-${suffix}`);
  try {
    await mkdir(temporary, { recursive: true });
    const files: BundleFile[] = [];
    for (const file of options.files) files.push(await addFile(temporary, file));
    const manifest = checkManifest({ format: BUNDLE_FORMAT, ...options.manifest, files });
    await writeDurably(join(temporary, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
    await loadBundle(temporary);
    await moveIntoPlace(temporary, target, present, suffix);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
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

async function moveIntoPlace(from: string, target: string, replace: boolean, suffix: string): Promise<void> {
  if (!replace) return rename(from, target);
  const old = join(dirname(target), `.${basename(target)}.old-${suffix}`);
  await rename(target, old);
  try {
    await rename(from, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
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
