import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './finding.ts';

/** Writing bits of a folder for others than its owner: whoever has them can replace a key. */
const WRITABLE_BY_OTHERS = 0o022;

/** Permissions of the folders themselves. */
export function checkFolder(root: string, wallet: string): Finding[] {
  return [join(root, wallet), join(root, wallet, 'hotkeys')].flatMap((path) => {
    const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & WRITABLE_BY_OTHERS) === 0) return [];
    return [
      {
        name: 'open-folder',
        severity: 'problem',
        wallet,
        path,
        message: `Others may write into ${path}, and so replace its keys.`,
        next: `chmod 700 ${shellQuote(path)}`,
        repair: () => chmodSync(path, 0o700),
      },
    ];
  });
}

/** A path as it can be pasted into a shell. */
export function shellQuote(path: string): string {
  return /^[\w./~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
