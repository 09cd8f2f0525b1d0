import { constants } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { digestFile } from './digest.ts';
import { loadBundle, type VerifiedBundle } from './load.ts';
import { type BundleFile, bundlePath, MANIFEST_NAME, type Manifest, type Precision } from './manifest.ts';
import { checkManifest, parseManifest } from './parse.ts';

/** A file that is put into a bundle. */
export interface AddedFile {
  /** Not that of a file that is listed already with other contents. */
  readonly path: string;
  readonly role: BundleFile['role'];
  readonly precision?: Precision;
  readonly copyFrom: string;
}

export interface Revision {
  readonly dir: string;
  readonly add: readonly AddedFile[];
  /**
   * The new manifest, from the one that is there now and the added files with size and hash. May refuse by throwing.
   * Files that it no longer lists are removed.
   */
  readonly change: (manifest: Manifest, added: readonly BundleFile[]) => Manifest;
  readonly now?: () => number;
}

/** A run that was killed left its lock behind; nobody holds one for longer than this, ms. */
const STALE_LOCK_MS = 10 * 60_000;

/**
 * Changes a bundle in its folder. Files come first and the manifest is renamed into place last, so whoever reads it
 * finds the old bundle or the new one, also when this is killed. Files that are not listed are left alone.
 *
 * @throws Sv72Error ERR_BUNDLE_BUSY while another command changes it, ERR_FILE_WRITE, what `change` and `loadBundle` throw
 */
export async function reviseBundle(revision: Revision): Promise<VerifiedBundle> {
  await loadBundle(revision.dir);
  const root = await realpath(revision.dir);
  const draft = join(root, `.${MANIFEST_NAME}.new`);
  const handle = await lock(draft, root, revision.now ?? Date.now);
  const copied: string[] = [];
  try {
    const before = parseManifest(await readFile(join(root, MANIFEST_NAME), 'utf8'));
    const added: BundleFile[] = [];
    for (const file of revision.add) {
      added.push(await copyIn(root, file, before));
      if (!before.files.some(({ path }) => path === file.path)) copied.push(join(root, file.path));
    }
    const after = checkManifest(revision.change(before, added));
    await handle.writeFile(`${JSON.stringify(after, null, 2)}\n`);
    await handle.sync();
    await rename(draft, join(root, MANIFEST_NAME));
    await syncFolder(root);
    copied.length = 0;
    const kept = new Set(after.files.map(({ path }) => path));
    for (const { path } of before.files) if (!kept.has(path)) await rm(join(root, path), { force: true });
  } catch (error) {
    for (const path of [...copied, draft]) await rm(path, { force: true });
    if (error instanceof Sv72Error) throw error;
    throw new Sv72Error('ERR_FILE_WRITE', `The bundle ${root} could not be changed; it is as it was.`, {
      cause: error,
    });
  } finally {
    await handle.close();
  }
  return loadBundle(root);
}

/** The draft of the manifest is the lock: only one command can create it. */
async function lock(draft: string, root: string, now: () => number): Promise<FileHandle> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await open(draft, 'wx');
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      if (code !== 'EEXIST') {
        throw new Sv72Error('ERR_FILE_WRITE', `The bundle ${root} cannot be written to.`, { cause });
      }
      const age = await stat(draft).then(
        ({ mtimeMs }) => now() - mtimeMs,
        () => Number.POSITIVE_INFINITY,
      );
      if (attempt > 0 || age < STALE_LOCK_MS) {
        throw new Sv72Error('ERR_BUNDLE_BUSY', `Another command is changing the bundle ${root}.`, {
          details: { dir: root, lock: draft },
          cause,
        });
      }
      await rm(draft, { force: true });
    }
  }
}

async function copyIn(root: string, file: AddedFile, before: Manifest): Promise<BundleFile> {
  const name = bundlePath.safeParse(file.path);
  const digest = await digestFile(file.copyFrom);
  const listed = before.files.find(({ path }) => path === file.path);
  if (!name.success || (listed && listed.sha256 !== digest.sha256)) {
    throw new Sv72Error(
      'ERR_BUNDLE_INVALID',
      `"${file.path}" cannot be the path of a new file in the bundle.`,
    );
  }
  const path = join(root, name.data);
  const temporary = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await copyFile(file.copyFrom, temporary, constants.COPYFILE_FICLONE);
    const handle = await open(temporary, 'r');
    await handle.sync().finally(() => handle.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const { role, precision } = file;
  return { path: name.data, role, ...(precision && { precision }), ...digest };
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  // Some file systems cannot; the rename has happened all the same.
  await handle.sync().catch(() => {});
  await handle.close();
}
