import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Sv72Error } from '../../errors/index.ts';

/** What a rehearsal runs on. Not part of the ordinary install: 170 MB for something that few commands need. */
export const REHEARSAL_PACKAGES = {
  '@acala-network/chopsticks-core': '1.5.1',
  ws: '8.23.0',
} as const;

export interface Installation {
  /** URL of chopsticks' module. */
  readonly chopsticks: string;
  /** URL of the WebSocket server's module. */
  readonly ws: string;
}

/** Folder of these packages, in sv72's data folder. */
export function rehearsalFolder(dataFolder: string): string {
  return join(dataFolder, 'rehearse');
}

/** The one line that installs them. No install script of any package runs. */
export function installLine(folder: string): string {
  const packages = Object.entries(REHEARSAL_PACKAGES).map(([name, version]) => `${name}@${version}`);
  const shown = /^[\w@%+=:,./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`;
  return `npm install --prefix ${shown} --ignore-scripts --save-exact --no-audit --no-fund ${packages.join(' ')}`;
}

/**
 * Finds the packages in their folder.
 * @throws ERR_REHEARSE_MISSING when they are not there, or in another version; `next` is the line that installs them
 */
export async function findInstallation(folder: string): Promise<Installation> {
  for (const [name, wanted] of Object.entries(REHEARSAL_PACKAGES)) {
    const found = await versionOf(join(folder, 'node_modules', name, 'package.json'));
    if (found === wanted) continue;
    const state = found === undefined ? 'is not installed' : `is there in version ${found}`;
    throw new Sv72Error('ERR_REHEARSE_MISSING', `A rehearsal needs ${name} ${wanted}, which ${state}.`, {
      next: `Install it, once: ${installLine(folder)}`,
      details: { package: name, wanted, folder },
    });
  }
  const at = (path: string) => pathToFileURL(join(folder, 'node_modules', path)).href;
  return { chopsticks: at('@acala-network/chopsticks-core/dist/esm/index.js'), ws: at('ws/wrapper.mjs') };
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { version } = JSON.parse(await readFile(path, 'utf8'));
    return typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
