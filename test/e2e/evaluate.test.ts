import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ResultOf } from '../../src/results/index.ts';
import { photoFolder } from '../evaluate/photos.ts';
import { bundleOf } from '../inference/models.ts';
import { finished, Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

function sandbox(): Sandbox {
  const made = new Sandbox();
  onTestFinished(() => made.remove());
  return made;
}

const photos = () => photoFolder({ roadwork: [150, 180, 210, 230], none: [20, 40, 60, 80] });

test('Ctrl-C keeps the answers so far, and the same command goes on from there', async () => {
  const where = sandbox();
  const { dir } = await bundleOf('mean-uint8');
  const args = [
    'evaluate',
    dir,
    '--images',
    await photos(),
    '--device',
    'cpu',
    '--levels',
    '0,1',
    '--views',
    '60',
  ];
  const memory = join(where.home, '.cache', 'sv72', 'evaluate');
  const child = where.start(args);
  onTestFinished(() => void child.kill('SIGKILL'));
  const end = finished(child);
  await expect.poll(() => existsSync(memory), { timeout: 30_000 }).toBe(true);
  child.kill('SIGINT');
  const { exit, stderr } = await end;
  expect(exit).toBe(130);
  expect(stderr).toContain('ERR_INTERRUPTED');
  expect(stderr).toContain('the same command again');

  const run = await where.json([
    ...args.slice(0, -2),
    '--report',
    'report.html',
    '--answers',
    'answers.jsonl',
  ]);
  expect(run.exit).toBe(0);
  expectSchema('evaluate', run.json);
  const result = run.json as Extract<ResultOf<'evaluate'>, { model: unknown }>;
  expect(result.views.count).toBe(40);
  expect(result.report).toBe(join(where.home, 'report.html'));
  expect(existsSync(join(where.home, 'report.html'))).toBe(true);
  expect(existsSync(join(where.home, 'answers.jsonl'))).toBe(true);
  const again = (await where.json(args.slice(0, -2))).json as Extract<
    ResultOf<'evaluate'>,
    { model: unknown }
  >;
  expect(again.views.remembered).toBe(40);
  expect(again.overall).toEqual(result.overall);
}, 90_000);

test.runIf(process.platform === 'linux')(
  'a kill leaves no process behind',
  async () => {
    const where = sandbox();
    const { dir } = await bundleOf('mean-uint8');
    const child = where.start([
      'evaluate',
      dir,
      '--images',
      await photos(),
      '--device',
      'cpu',
      '--views',
      '200',
    ]);
    const end = finished(child);
    const children = (): number[] => {
      const text = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      return text.split(' ').filter(Boolean).map(Number);
    };
    // An engine, and the processes that make views.
    await expect.poll(() => children().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
    const pids = children();
    child.kill('SIGKILL');
    await end;
    await expect
      .poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 })
      .toEqual([]);
  },
  60_000,
);

test.each([
  [['--generations', '4'], '--generations: takes numbers from 1 to 3 with commas, not "4".'],
  [['--levels', '1,x'], '--levels: takes numbers from 0 to 3 with commas, not "x".'],
])('%s is a usage error', async (args, message) => {
  const { dir } = await bundleOf('mean-uint8');
  const run = await sandbox().json(['evaluate', dir, '--images', await photos(), ...args]);
  expect(run.exit).toBe(2);
  expect(run.json).toMatchObject({ error: { code: 'ERR_USAGE', message } });
});

test('pictures have to be named, one way or the other', async () => {
  const { dir } = await bundleOf('mean-uint8');
  const run = await sandbox().run(['evaluate', dir]);
  expect(run.exit).toBe(2);
  expect(run.stderr).toContain('--data');
});

test('a bundle of a newer format is one clear sentence', async () => {
  const { dir } = await bundleOf('mean-uint8');
  const path = join(dir, 'sv72.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"format": 1', '"format": 99'));
  const run = await sandbox().json(['evaluate', dir, '--images', await photos()]);
  expect(run.exit).toBe(1);
  expect(run.json).toMatchObject({ error: { code: 'ERR_BUNDLE_FORMAT' } });
});

test('a folder that is not there is a wrong command line, not a bug', async () => {
  const { exit, stderr } = await sandbox().run(['evaluate', 'model', '--images', '/nowhere']);
  expect(stderr).toContain('Error: --images: No directory found at /nowhere.');
  expect(exit).toBe(2);
});
