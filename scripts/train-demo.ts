/**
 * `npm run train:demo`: draws scenes, trains the demonstration model on them, writes models/demo.
 * Some twenty minutes on two slow cores, half of it drawing; nothing but PyPI is reached. `--bf16` trains nearly three
 * times as fast where the CPU has AMX or AVX512-BF16. What was drawn is kept in the cache and used again.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeDemoBundle } from './demo/bundle.ts';
import { drawSet } from './demo/draw.ts';
import { trainerPython } from './demo/python.ts';
import { CONDITIONS, type ViewSet } from './demo/views.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    scenes: { type: 'string', default: '6000' },
    views: { type: 'string', default: '5' },
    'test-scenes': { type: 'string', default: '800' },
    epochs: { type: 'string', default: '9' },
    net: { type: 'string', default: 'tinys' },
    bf16: { type: 'boolean', default: false },
    processes: { type: 'string', default: '2' },
    cache: { type: 'string', default: join(root, '.cache', 'demo') },
    out: { type: 'string', default: join(root, 'models', 'demo') },
  },
});

const sets: ViewSet[] = [
  {
    name: 'train',
    firstSeed: 3_000_000_000,
    scenes: Number(values.scenes),
    viewsPerScene: Number(values.views),
  },
  { name: 'calibrate', firstSeed: 3_500_000_000, scenes: 500, viewsPerScene: 4 },
  {
    name: 'test',
    firstSeed: 4_000_000_000,
    scenes: Number(values['test-scenes']),
    conditions: CONDITIONS,
    viewsPerScene: CONDITIONS.length,
  },
];

const given = process.argv.slice(2);
const command = ['npm run train:demo', ...(given.length > 0 ? ['--', ...given] : [])].join(' ');

await mkdir(values.cache, { recursive: true });
const trainer = join(root, 'templates', 'train');
say('installing the trainer');
const python = await trainerPython(trainer, values.cache);
for (const set of sets) {
  say(`drawing ${set.name}: ${set.scenes} scenes`);
  await drawSet(set, values.cache, Number(values.processes));
}
say('training');
const child = spawn(
  python,
  [
    ...['-m', 'demo_trainer', values.cache, '--net', values.net, '--epochs', values.epochs],
    ...['--threads', values.processes, ...(values.bf16 ? ['--bf16'] : [])],
  ],
  {
    cwd: trainer,
    stdio: 'inherit',
    env: { ...process.env, OMP_WAIT_POLICY: 'passive', PYTHONDONTWRITEBYTECODE: '1' },
  },
);
const [code] = await once(child, 'exit');
if (code !== 0) throw new Error(`the trainer ended with ${code}`);
say(`writing ${values.out}`);
await writeDemoBundle({ results: values.cache, out: values.out, command });
say('done');

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
