import { lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ownPath } from './scratch.ts';

/**
 * Moves a finished folder to where it belongs, in the place of what is there: an interruption leaves the old one or the
 * new one, never a mixture.
 *
 * @param from in the same folder as the target
 * @throws what the file system says
 */
export async function moveIntoPlace(from: string, target: string): Promise<void> {
  if (!(await isThere(target))) return await rename(from, target);
  // With the target there, what an earlier run had put aside is needed no more.
  const old = await ownPath(`.${basename(target)}.old-`, dirname(target));
  await rename(target, old);
  try {
    await rename(from, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
