import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  findInstallation,
  installLine,
  REHEARSAL_PACKAGES,
} from '../../../src/chain/rehearse/installation.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sv72-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function pretend(name: string, version: string): Promise<void> {
  const at = join(folder, 'node_modules', name);
  await mkdir(at, { recursive: true });
  await writeFile(join(at, 'package.json'), JSON.stringify({ name, version }));
}

it('says the line that installs what is missing', async () => {
  await expect(findInstallation(folder)).rejects.toMatchObject({
    code: 'ERR_REHEARSE_MISSING',
    message: 'A rehearsal needs @acala-network/chopsticks-core 1.5.1, which is not installed.',
    next: `Install it, once: ${installLine(folder)}`,
  });
});

it('wants the versions that it was tested with', async () => {
  for (const [name, version] of Object.entries(REHEARSAL_PACKAGES)) await pretend(name, version);
  const found = await findInstallation(folder);
  expect(found.chopsticks).toMatch(/^file:.*chopsticks-core.*index\.js$/);
  await pretend('ws', '1.0.0');
  await expect(findInstallation(folder)).rejects.toMatchObject({
    message: 'A rehearsal needs ws 8.23.0, which is there in version 1.0.0.',
  });
});

it('writes a line that a shell reads as one folder', () => {
  const line = installLine("/home/o'neil/my data/rehearse");
  expect(line).toContain(`--prefix '/home/o'\\''neil/my data/rehearse' --ignore-scripts`);
  expect(installLine('/home/me/.local/share/sv72/rehearse')).toContain(
    '--prefix /home/me/.local/share/sv72/rehearse --ignore-scripts',
  );
});
