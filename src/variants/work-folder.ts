import { tmpdir } from 'node:os';
import { writeFailed } from '../data/index.ts';
import { type ScratchOptions, scratchFolder } from '../scratch/index.ts';

/**
 * A new folder for a step to work in; those of killed runs are removed.
 *
 * @throws Sv72Error ERR_DISK_FULL, ERR_FILE_WRITE
 */
export async function workFolder(
  prefix: string,
  options: Pick<ScratchOptions, 'parent' | 'inUse'>,
): Promise<string> {
  try {
    return await scratchFolder(prefix, options);
  } catch (error) {
    throw writeFailed(`work folder in ${options.parent ?? tmpdir()}`, error);
  }
}
