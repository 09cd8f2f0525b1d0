import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFailed } from '../data/index.ts';

/**
 * A new folder for what is needed only while something is made.
 *
 * @param parent where it is made; default the system's folder for such (TMPDIR)
 * @throws Sv72Error ERR_DISK_FULL, ERR_FILE_WRITE
 */
export async function scratchFolder(prefix: string, parent = tmpdir()): Promise<string> {
  try {
    return await mkdtemp(join(parent, prefix));
  } catch (error) {
    throw writeFailed(`work folder in ${parent}`, error);
  }
}
