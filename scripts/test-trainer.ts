/** `npm run test:trainer`: ruff, mypy and pytest over templates/train, in the trainer's own environment (torch: some 4 GB). */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { trainerPython } from './demo/python.ts';

const root = join(import.meta.dirname, '..');
const trainer = join(root, 'templates', 'train');
const cache = process.env.SV72_TRAINER_CACHE ?? join(root, '.cache', 'demo');
await mkdir(cache, { recursive: true });
const python = await trainerPython(trainer, cache);
const steps = [
  ['ruff', 'check', '--no-cache', '.'],
  ['ruff', 'format', '--check', '--no-cache', '.'],
  ['mypy', '--cache-dir', join(cache, 'mypy')],
  ['pytest', '-q', '-p', 'no:cacheprovider'],
];
for (const step of steps) {
  const { status } = spawnSync(python, ['-m', ...step], {
    cwd: trainer,
    stdio: 'inherit',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) process.exit(1);
}
