import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, box, grey, serve } from '../../e2e/box.ts';
import { startHubDouble, TOKEN } from '../../support/hub/index.ts';
import { expectSchema } from '../../support/schema.ts';
import { home } from '../training/stage.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const VIEWS = ['--generations 2', '--levels 0', '--split test'].join(' ');

test('a better model goes from a bundle to the Hub and into service by itself, stopped on the way', async () => {
  const given = await box();
  const { sandbox, bundle, hotkeys } = given;
  const hub = await startHubDouble();
  onTestFinished(() => hub.close());
  const set = async (key: string, value: string) =>
    expect(await sandbox.run(['config', 'set', key, value])).toMatchObject({ exit: 0 });
  await set('deploy.min_answers', '4');
  await set('deploy.max_disagreement', '1');
  await set('profiles.speed.bundle', bundle);
  const scenes = join(sandbox.home, 'scenes');
  const drawn = await sandbox.run(['data', 'draw', scenes, '--count', '300', '--test', '0.5']);
  expect(drawn.exit, drawn.stderr).toBe(0);
  const model = join(sandbox.home, 'next');
  cpSync(join(ROOT, 'models', 'demo'), model, { recursive: true });
  const serving = await serve(given);

  const miner = hotkeys[0]?.ss58 ?? '';
  const options = [
    ...['refresh', 'run', '--data', scenes, '--model', model, '--yes', '--repo', 'alice/roadwork'],
    ...['--with', `evaluate=${VIEWS}`],
    ...['--with', 'upload=-w w -H hk0 --public --allow-demo-model'],
    ...['--with', `canary=--share 100% --probes 4 --miner ${miner}`],
  ];
  const env = { HF_TOKEN: TOKEN, HF_ENDPOINT: hub.url };
  const first = await sandbox.json([...options, '--until', 'evaluate'], { env });
  expect(first.exit, first.stdout + first.stderr).toBe(0);
  expectSchema('refresh run', first.json);
  const { run, report } = first.json as { run: string; report: string };
  expect(first.json).toMatchObject({ outcome: 'until' });
  expect(existsSync(report)).toBe(true);
  expect(hub.repos.size).toBe(0);

  const rest = sandbox.json(options, { env });
  // Pictures are asked until it is over, as validators do.
  let over = false;
  const asking = (async () => {
    for (let level = 0; !over; level = (level + 37) % 256) await ask(given, serving, await grey(level));
  })();
  const end = await rest;
  over = true;
  await asking;
  expect(end.exit, end.stdout + end.stderr).toBe(0);
  expect(end.json).toMatchObject({
    outcome: 'done',
    run,
    steps: [{ state: 'skipped' }, { state: 'skipped' }, {}, {}, {}, {}],
  });
  expect(hub.repos.size).toBe(1);
  expect(readFileSync(join(run, 'upload.log'), 'utf8')).not.toContain(TOKEN);
  const status = await sandbox.json(['deploy', 'status', '--miner', miner]);
  expect(status.json).toMatchObject({ live: { dir: model }, candidate: null });
  expect(hub.violations).toEqual([]);
}, 900_000);

test('drawn scenes are trained on and compared, and the run stops with the report when nothing is proved', async () => {
  const { sandbox, env } = home();
  const scenes = join(sandbox.home, 'scenes');
  expect(
    await sandbox.run(['data', 'draw', scenes, '--count', '160', '--test', '0.3'], { env }),
  ).toMatchObject({ exit: 0 });
  const { exit, json, stdout, stderr } = await sandbox.json(
    [
      ...['refresh', 'run', '--data', scenes, '--until', 'evaluate'],
      ...[
        '--with',
        'train=--recipe plain --backbone plain-s --epochs 1 --runtime local --device cpu --threads 1 --workers 1',
      ],
      ...['--with', `evaluate=${VIEWS}`],
    ],
    { env },
  );
  expect([0, 10], stdout + stderr).toContain(exit);
  expectSchema('refresh run', json);
  const { outcome, report } = json as { outcome: string; report: string };
  // The demonstration model is live, which has seen thousands of such scenes.
  expect(outcome).toBe('not better');
  expect(readFileSync(report, 'utf8')).toContain('<html');
}, 1_800_000);
