import { access } from 'node:fs/promises';
import { Sv72Error } from '../errors/index.ts';

/**
 * Hours of training must not end at a folder that is taken.
 *
 * @throws Sv72Error ERR_BUNDLE_EXISTS
 */
export async function mustBeFree(dir: string): Promise<void> {
  try {
    await access(dir);
  } catch {
    return;
  }
  throw new Sv72Error('ERR_BUNDLE_EXISTS', `${dir} already exists.`, {
    next: 'Name another folder with --out, or replace it with --replace.',
    details: { dir },
  });
}
