import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { RunRecord, Step } from '../../../src/refresh/index.ts';
import type { ResultOf } from '../../../src/results/index.ts';
import { ask, box, grey, type Serving, serve } from '../../e2e/box.ts';
import { finished, type Sandbox } from '../../support/cli.ts';
import { startHubDouble, startHubWith, TOKEN } from '../../support/hub/index.ts';
import { expectSchema } from '../../support/schema.ts';
import { withPython } from '../training/stage.ts';

const SCENES = 700;

/** Drawn scenes as a dataset of the Hub: a column of pictures and one of labels. */
async function parquetOfScenes(sandbox: Sandbox): Promise<Uint8Array> {
  const drawn = await sandbox.run(['data', 'draw', 'drawn', '--count', String(SCENES), '--seed', '5']);
  expect(drawn.exit, drawn.stderr).toBe(0);
  const at = (path: string) => join(sandbox.home, 'drawn', path);
  const entries: { path: string; label: number }[] = readFileSync(at('entries.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const columnData = [
    { name: 'image', data: entries.map(({ path }) => readFileSync(at(path))), type: 'BYTE_ARRAY' as const },
    { name: 'label', data: entries.map(({ label }) => label), type: 'INT32' as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, statistics: false }));
}

/** The miner is asked until what this returns is called, which tells what was not answered. */
function askOnAndOn(given: Awaited<ReturnType<typeof box>>, serving: Serving): () => Promise<string[]> {
  let over = false;
  const faults: string[] = [];
  const asking = (async () => {
    for (let level = 0; !over; level = (level + 37) % 256) {
      const answer = await ask(given, serving, await grey(level), { timeoutMs: 60_000 });
      if (!answer.isSuccess) faults.push(JSON.stringify(answer));
    }
  })().catch((error: unknown) => faults.push(String(error)));
  return async () => {
    over = true;
    await asking;
    return faults;
  };
}

test('from a dataset of the Hub to a model in service, killed in each step on the way', async () => {
  const given = await box();
  const { sandbox, bundle, hotkeys } = given;
  const data = join(sandbox.home, '.local', 'share', 'sv72');
  const runs = join(data, 'refresh', 'runs');
  const photos = await startHubWith({
    'city/photos': {
      files: { 'data/train.parquet': await parquetOfScenes(sandbox) },
      card: { license: 'cc0-1.0' },
    },
  });
  const hub = await startHubDouble();
  onTestFinished(async () => {
    await photos.close();
    await hub.close();
  });
  const env = { ...withPython(sandbox), HF_TOKEN: TOKEN, HF_ENDPOINT: hub.url };
  const settings = {
    'deploy.min_answers': '10',
    'deploy.max_disagreement': '1',
    'profiles.speed.bundle': bundle,
  };
  for (const [key, value] of Object.entries(settings))
    expect(await sandbox.run(['config', 'set', key, value])).toMatchObject({ exit: 0 });
  const serving = await serve(given);
  const miner = hotkeys[0]?.ss58 ?? '';
  const words: Readonly<Partial<Record<Step, string>>> = {
    pull: `city/photos --hub-url ${photos.url} --test 0.3`,
    train:
      '--recipe plain --backbone plain-s --learning-rate 0.005 --epochs 2 --runtime local --device cpu --threads 1 --workers 1',
    evaluate: '--generations 2 --levels 0 --split test',
    upload: '-w w -H hk0 --public --allow-demo-model',
    canary: `--share 100% --probes 0 --miner ${miner}`,
  };
  const cycle = [
    ...['refresh', 'run', '--yes', '--repo', 'alice/roadwork'],
    ...Object.entries(words).flatMap(([step, more]) => ['--with', `${step}=${more}`]),
  ];
  const stopAsking = askOnAndOn(given, serving);

  const record = (): RunRecord | undefined => {
    const [id = ''] = existsSync(runs) ? readdirSync(runs).filter((name) => name.endsWith('Z')) : [];
    const path = join(runs, id, 'run.json');
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  };
  const isAt = (step: Step) => {
    const run = record();
    if (run?.done.some(({ step: done }) => done === step)) return true;
    if (!run?.begun.includes(step) || !existsSync(join(runs, 'step.json'))) return false;
    // Of the training something is to be lost.
    return step !== 'train' || /"progress"/.test(readFileSync(join(runs, run.id, 'train.log'), 'utf8'));
  };
  for (const step of ['pull', 'train', 'evaluate', 'upload', 'canary', 'promote'] as const) {
    const killed = sandbox.start([...cycle, '--json'], { env });
    const ended = finished(killed);
    await vi.waitUntil(() => killed.exitCode !== null || isAt(step), { timeout: 900_000, interval: 20 });
    killed.kill('SIGKILL');
    const { signal, stdout, stderr } = await ended;
    expect(signal, `${step}: ${stdout}${stderr}`).toBe('SIGKILL');
  }
  const end = await sandbox.json(cycle, { env });
  expect(await stopAsking()).toEqual([]);
  expect(end.exit, end.stdout + end.stderr).toBe(0);
  expectSchema('refresh run', end.json);
  const result = end.json as ResultOf<'refresh run'>;
  const model = join(result.run, 'model');
  expect(result).toMatchObject({ outcome: 'done', live: model });
  expect(result.steps.map(({ state }) => state)).toEqual(Array(6).fill('done'));
  expect(readFileSync(result.report ?? '', 'utf8')).toContain('<html');
  expect(readdirSync(runs).filter((name) => name.endsWith('Z'))).toHaveLength(1);

  // Published once, and as it lies here.
  expect(hub.repos.size).toBe(1);
  expect(await sandbox.json(['verify', 'alice/roadwork'], { env })).toMatchObject({ exit: 0 });
  expect([photos.violations, hub.violations]).toEqual([[], []]);
  const published = await sandbox.json(['models', 'list'], { env });
  expect(published.json).toMatchObject({ models: [{ repo: 'alice/roadwork', version: '1.1.0' }] });

  // Whatever the settings name, a restart goes on with it, and the next run compares with it.
  expect((await sandbox.json(['deploy', 'status', '--miner', miner])).json).toMatchObject({
    live: { dir: model, version: '1.1.0' },
    configured: bundle,
    previous: { dir: bundle },
    candidate: null,
  });
  serving.child.kill('SIGKILL');
  await serving.exit;
  expect((await serve(given)).listening.bundle.version).toBe('1.1.0');
  const next = await sandbox.json([...cycle, '--dry-run'], { env });
  expect(next.json).toMatchObject({ outcome: 'planned', live: model });
  expect((next.json as ResultOf<'refresh run'>).steps[1]?.command).toContain('1.2.0');
}, 3_000_000);
