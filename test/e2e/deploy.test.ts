import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBundle } from '../../src/bundle/index.ts';
import { manifestFor } from '../inference/models.ts';
import { expectSchema } from '../support/schema.ts';
import { ask, type Box, box, grey, serve } from './box.ts';

const MODEL = join(import.meta.dirname, '..', 'fixtures', 'models', 'mean-uint8.onnx');

async function bundle(given: Box, version: string, bias = 0): Promise<string> {
  const dir = join(given.sandbox.home, `bundle-${version}`);
  await writeBundle({
    dir,
    manifest: {
      ...manifestFor('mean-uint8'),
      demo: false,
      version,
      calibration: { inGraph: false, temperature: 1, bias },
    },
    files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: { copyFrom: MODEL } }],
  });
  return dir;
}

async function deploy(given: Box, ...args: string[]) {
  const { stdout, exit } = await given.sandbox.run(['deploy', ...args, '--json']);
  const result = JSON.parse(stdout);
  if (exit === 0) expectSchema(`deploy ${args[0]}`, result);
  return { exit, result };
}

test('a model is tried, promoted, kept over a restart, and taken back', async () => {
  const given = await box();
  await given.sandbox.run(['config', 'set', 'deploy.min_answers', '2']);
  const first = await serve(given);
  const miner = ['--miner', given.hotkeys[0]?.ss58 ?? ''];
  expect((await deploy(given, 'status', ...miner)).result).toMatchObject({
    live: { version: '1.0.0' },
    candidate: null,
  });
  const second = await bundle(given, '2.0.0');
  const begun = await deploy(given, 'canary', second, '--share', '100%', '--probes', '2', ...miner);
  expect(begun.result.candidate).toMatchObject({ mode: 'canary', share: 1, verdict: 'waiting' });
  expect((await deploy(given, 'promote', ...miner)).result.error.code).toBe('ERR_DEPLOY_WORSE');
  for (const level of [10, 240]) {
    await ask(given, first, await grey(level));
    expect((await first.next('challenge')).model).toEqual({ name: 'mean-uint8', version: '2.0.0' });
  }
  expect((await deploy(given, 'promote', ...miner)).result).toMatchObject({
    live: { version: '2.0.0' },
    previous: { version: '1.0.0' },
    candidate: null,
  });
  first.child.kill('SIGKILL');
  await first.exit;

  const again = await serve(given);
  expect(again.listening.bundle.version).toBe('2.0.0');
  expect((await deploy(given, 'rollback', ...miner)).result).toMatchObject({ live: { version: '1.0.0' } });
  await ask(given, again, await grey(77));
  expect((await again.next('challenge')).model?.version).toBe('1.0.0');
  again.child.kill('SIGTERM');
  await again.exit;
  const { deployments } = (await deploy(given, 'history')).result;
  const actions = deployments.map(({ action }: { action: string }) => action);
  expect(actions).toEqual(['rollback', 'promote', 'canary']);
});

test('a candidate that decides otherwise is rolled back by itself, and says why', async () => {
  const given = await box();
  const serving = await serve(given);
  const miner = ['--miner', given.hotkeys[0]?.ss58 ?? ''];
  const no = await bundle(given, '3.0.0', 30);
  await deploy(given, 'canary', no, '--share', '1', '--probes', '0', ...miner);
  for (let level = 0; level < 24; level += 1) await ask(given, serving, await grey(200 + level));
  const { message } = await serving.next('note', (note) => note.message.includes('auto-rollback'));
  expect(message).toMatch(/it decides otherwise than the live model on \d+ of \d+ pictures/);
  expect((await deploy(given, 'status', ...miner)).result).toMatchObject({
    live: { version: '1.0.0' },
    candidate: null,
  });
});

test('what is missing, no share or not there is refused, and the live model goes on', async () => {
  const given = await box();
  const serving = await serve(given);
  const miner = ['--miner', given.hotkeys[0]?.ss58 ?? ''];
  const good = await bundle(given, '2.0.0');
  const code = async (...args: string[]) => (await deploy(given, ...args, ...miner)).result.error?.code;
  expect(await code('canary', join(given.sandbox.home, 'none'))).toBe('ERR_BUNDLE_MISSING');
  expect(await code('canary', good, '--share', '0')).toBe('ERR_USAGE');
  expect(await code('promote')).toBe('ERR_DEPLOY_NONE');
  expect(await code('rollback')).toBe('ERR_DEPLOY_NONE');
  expect((await ask(given, serving, await grey(50))).isSuccess).toBe(true);
  const stranger = await given.sandbox.run(['deploy', 'status', '--miner', given.asker.ss58, '--json']);
  expect(JSON.parse(stranger.stdout).error.code).toBe('ERR_NO_MINER');
});
