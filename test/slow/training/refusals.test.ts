import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finished } from '../../support/cli.ts';
import { failureOf, home, lineOf } from './stage.ts';

const TRAIN = [
  ...['train', '--data', 'scenes', '--recipe', 'plain', '--backbone', 'plain-s', '--out', 'model'],
  ...['--runtime', 'local', '--device', 'cpu', '--threads', '1', '--workers', '0'],
];

test('stopped by Ctrl-C it says how to go on; data that changed meanwhile is refused, and nothing is lost', async () => {
  const { sandbox, env } = home();
  const draw = await sandbox.run(['data', 'draw', 'scenes', '--count', '300'], { env });
  expect(draw.exit).toBe(0);
  const child = sandbox.start([...TRAIN, '--epochs', '200', '--json'], { env });
  const ended = finished(child);
  await lineOf(child, (line) => line.event === 'progress' && line.phase === 'train');
  child.kill('SIGINT');
  const stopped = await ended;
  expect(stopped.exit).toBe(130);
  expect(failureOf(stopped.stdout)).toMatchObject({
    error: { code: 'ERR_TRAINING_STOPPED', next: expect.stringContaining('--resume') },
  });
  const before = readdirSync(join(sandbox.home, 'model.run')).sort();
  expect(before).toContain('checkpoint.pt');

  // The same pictures with one line more: a dataset as valid as before, and another.
  const dataset = join(sandbox.home, 'scenes');
  const list = join(dataset, 'entries.jsonl');
  const first = readFileSync(list, 'utf8').split('\n')[0] ?? '';
  appendFileSync(list, `${JSON.stringify({ ...JSON.parse(first), tags: ['twice'] })}\n`);
  const manifest = JSON.parse(readFileSync(join(dataset, 'dataset.json'), 'utf8'));
  const bytes = readFileSync(list);
  manifest.entries = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  writeFileSync(join(dataset, 'dataset.json'), JSON.stringify(manifest));
  const refused = await sandbox.run([...TRAIN, '--epochs', '200', '--resume'], { env });
  expect(refused.exit).toBe(1);
  expect(refused.stderr).toContain('The data is not the one that this run was begun with.');
  expect(refused.stderr).toContain('ERR_TRAINING_CHANGED');
  expect(readdirSync(join(sandbox.home, 'model.run')).sort()).toEqual(before);
});

test('a GPU that was asked for and is not there is refused before anything is installed', async () => {
  const { sandbox, env } = home();
  await sandbox.run(['data', 'draw', 'scenes', '--count', '60'], { env });
  const cuda = TRAIN.map((word) => (word === 'cpu' ? 'cuda' : word));
  const { exit, stderr } = await sandbox.run(cuda, { env: { ...env, PATH: env.PATH ?? '' } });
  expect(exit).not.toBe(0);
  expect(stderr).toContain('ERR_JOB_NO_GPU');
});
