import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findInstallation, REHEARSAL_PACKAGES } from '../../../src/chain/rehearse/installation.ts';
import { Sv72Error } from '../../../src/errors/index.ts';

const repository = resolve(import.meta.dirname, '../../..');

/**
 * A folder with what rehearsals need, installed on first use by the very line that sv72 tells its users, and kept in the cache:
 * SV72_TOOL_CACHE, or .cache/tools in the repository.
 */
export async function installedFolder(): Promise<string> {
  const cache = resolve(process.env.SV72_TOOL_CACHE ?? join(repository, '.cache/tools'));
  const folder = join(cache, `rehearse-${Object.values(REHEARSAL_PACKAGES).join('-')}`);
  if (existsSync(folder)) return folder;
  const building = `${folder}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await promisify(execFile)('sh', ['-c', await toldLine(building)]);
    await rename(building, folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function toldLine(folder: string): Promise<string> {
  try {
    await findInstallation(folder);
  } catch (error) {
    if (error instanceof Sv72Error) return error.next.slice(error.next.indexOf('npm '));
  }
  throw new Error('nothing was missing');
}
