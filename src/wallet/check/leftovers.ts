import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { entryAt, hasCode } from '../files.ts';
import { type Leftover, leftoverName, leftoverOf } from '../leftover.ts';
import type { Finding } from './finding.ts';

/** Files that an interrupted write left: ours under their own names, those of other tools by their endings. */
export function checkLeftovers(root: string, wallet: string): Finding[] {
  return [join(root, wallet), join(root, wallet, 'hotkeys')].flatMap((folder) =>
    names(folder).flatMap((name) => {
      const path = join(folder, name);
      const ours = leftoverOf(name);
      if (ours === undefined) return /\.(tmp|bak|swp)$|~$/.test(name) ? [foreign(wallet, path)] : [];
      return isRunning(ours.pid) ? [] : [own(wallet, folder, path, ours)];
    }),
  );
}

function own(wallet: string, folder: string, path: string, leftover: Leftover): Finding {
  const target = join(folder, leftover.target);
  const moves = belongsInPlace(folder, leftover);
  return {
    name: 'leftover',
    severity: 'problem',
    wallet,
    path,
    message: moves
      ? `A write was interrupted: what belongs in ${target} is in ${path}.`
      : `An interrupted write left ${path}, which may hold a secret.`,
    next: 'Run `sv72 wallet check --fix`.',
    repair: () => (moves ? renameSync(path, target) : rmSync(path, { force: true })),
  };
}

/**
 * Only a public file is ever away from its place: taken away before its private file changes, put there after.
 * If the private file did change, the new public file belongs there; if not, the old one.
 */
function belongsInPlace(folder: string, { target, tag, state }: Leftover): boolean {
  const privateName = target === 'coldkeypub.txt' ? 'coldkey' : target.replace(/pub\.txt$/, '');
  if (privateName === target || inode(join(folder, target)) !== undefined) return false;
  const privateFile = join(folder, privateName);
  const staged = inode(leftoverName(privateFile, tag, 'new'));
  const changed = staged === undefined || staged === inode(privateFile);
  return state === (changed ? 'new' : 'old');
}

function foreign(wallet: string, path: string): Finding {
  return {
    name: 'foreign-leftover',
    severity: 'warning',
    wallet,
    path,
    message: `${path} looks like what an interrupted write of another tool leaves; it may hold a secret.`,
    next: 'Delete it once you are sure that the key beside it works.',
  };
}

function inode(path: string): bigint | undefined {
  return entryAt(path)?.ino;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
