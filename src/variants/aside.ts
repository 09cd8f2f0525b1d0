import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Variant, variantSchema } from '../bundle/index.ts';
import { Sv72Error } from '../errors/index.ts';

/** A variant that did not pass, with its file and why. */
export interface Rejected {
  readonly folder: string;
  readonly record: Variant;
  readonly bytes: number;
}

const RECORD = 'gate.json';
const MODEL = 'model.onnx';

const stored = z.object({ record: variantSchema, bytes: z.int().nonnegative() });

/** Beside the bundle, so that nothing in it changes. */
export const asideFolder = (bundleDir: string): string => `${bundleDir}.rejected`;

/** Keeps a variant that did not pass, in place of an earlier one of its name. @throws Sv72Error ERR_FILE_WRITE */
export async function setAside(
  bundleDir: string,
  record: Variant,
  file: string,
  bytes: number,
): Promise<string> {
  const folder = join(asideFolder(bundleDir), record.name);
  const fresh = `${folder}.new`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(fresh, { recursive: true });
    await copyFile(file, join(fresh, MODEL));
    await writeFile(join(fresh, RECORD), `${JSON.stringify({ record, bytes }, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true }).catch(() => {});
    throw new Sv72Error('ERR_FILE_WRITE', `The variant ${record.name} could not be kept in ${folder}.`, {
      cause,
    });
  }
  return folder;
}

/** The variants of a bundle that did not pass; a record that cannot be read is left out. */
export async function listAside(bundleDir: string): Promise<Rejected[]> {
  const root = asideFolder(bundleDir);
  const names = await readdir(root).catch((): string[] => []);
  const found: Rejected[] = [];
  for (const name of names.sort()) {
    const folder = join(root, name);
    try {
      found.push({ folder, ...stored.parse(JSON.parse(await readFile(join(folder, RECORD), 'utf8'))) });
    } catch {
      // Half of one that was being written, or something else: not ours to judge.
    }
  }
  return found;
}
