import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere } from '../../config/index.ts';
import { Sv72Error } from '../../errors/index.ts';

/** The hashed list of packages of an environment. */
export interface LockFile {
  readonly environment: string;
  readonly path: string;
  /** Of its text, hex. */
  readonly sha256: string;
  /** A guess at what it takes when installed, bytes (PyPI's torch with its CUDA libraries 5.4 GB, without some 4.1). */
  readonly bytes: number;
}

/**
 * Finds `requirements/<environment>.lock`, or `.cpu.lock` for a machine without a GPU where there is one.
 * @throws ERR_JOB_LOCK_FILE
 */
export async function findLockFile(trainerDir: string, environment: string, gpu: boolean): Promise<LockFile> {
  const endings = gpu ? ['.lock', '.cpu.lock'] : ['.cpu.lock', '.lock'];
  for (const ending of endings) {
    const path = join(trainerDir, 'requirements', `${environment}${ending}`);
    const text = await readIfThere(path);
    if (text === undefined) continue;
    const torch = /^torch==/m.test(text);
    const bytes = torch ? (ending === '.cpu.lock' ? 4.5e9 : 6e9) : 0.8e9;
    return { environment, path, bytes, sha256: createHash('sha256').update(text).digest('hex') };
  }
  throw new Sv72Error('ERR_JOB_LOCK_FILE', `There is no list of packages for "${environment}".`, {
    details: { folder: join(trainerDir, 'requirements') },
  });
}
