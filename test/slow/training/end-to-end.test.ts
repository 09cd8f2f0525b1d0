import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadBundle } from '../../../src/bundle/index.ts';
import type { ResultOf } from '../../../src/results/index.ts';
import { box, serve } from '../../e2e/box.ts';
import { finished } from '../../support/cli.ts';
import { expectSchema } from '../../support/schema.ts';
import { failureOf, home, lineOf, processesOf } from './stage.ts';

/** A few CPU minutes of training: enough for the goal, with a little to spare. */
const SCENES = 4_000;
const GOAL = 0.75;

test('drawn scenes become a model that is trained, killed, resumed, measured, quantized, served and scored', async () => {
  const { sandbox, env } = home();
  const run = async (...args: string[]) => {
    const { exit, stdout, stderr } = await sandbox.run([...args, '--json'], { env });
    if (exit !== 0) throw new Error(`sv72 ${args.join(' ')} ended with ${exit}: ${stderr}`);
    const lines = stdout.trim().split('\n');
    return JSON.parse(args[0] === 'train' || args[0] === 'quantize' ? (lines.at(-1) ?? '') : stdout);
  };

  await run('data', 'draw', 'scenes', '--count', String(SCENES), '--seed', '3');

  const given = [
    ...['train', '--data', 'scenes', '--recipe', 'plain', '--backbone', 'plain-s'],
    ...['--learning-rate', '0.005', '--epochs', '8', '--out', 'model'],
    ...['--runtime', 'local', '--device', 'cpu', '--threads', '1', '--workers', '2'],
  ];
  const killed = sandbox.start([...given, '--json'], { env });
  const ended = finished(killed);
  let job = '';
  await lineOf(killed, (line) => {
    expectSchema('train', line);
    if (line.event === 'started') job = String(line.id);
    return line.event === 'progress' && line.phase === 'train' && Number(line.step) > Number(line.of) / 2;
  });
  const trainer = processesOf(job);
  expect(trainer).not.toEqual([]);
  for (const pid of trainer) process.kill(pid, 'SIGKILL');
  const { exit, stdout } = await ended;
  expect(exit).toBe(3);
  expect(failureOf(stdout)).toMatchObject({ error: { code: 'ERR_JOB_FAILED' } });
  expect(processesOf(job)).toEqual([]);

  const again = await sandbox.run(given, { env });
  expect(again.stderr).toContain('ERR_TRAINING_EXISTS');
  const trained: Extract<ResultOf<'train'>, { event: 'result' }> = await run(...given, '--resume');
  expectSchema('train', trained);
  expect(trained.graph.flips).toBe(0);
  expect(trained.demo).toBe(true);

  const measured: Extract<ResultOf<'evaluate'>, { model: unknown }> = await run(
    ...['evaluate', 'model', '--data', 'scenes', '--split', 'test', '--generations', '1,2'],
  );
  for (const { generation, figures } of measured.generations)
    expect(figures.values.reward.value, `generation ${generation}`).toBeGreaterThanOrEqual(GOAL);

  const quantized: Extract<ResultOf<'quantize'>, { event: 'result' }> = await run(
    ...['quantize', 'model', '--to', 'int8-static', '--data', 'scenes', '--max-flips', '2'],
    ...['--runtime', 'local'],
  );
  expect(quantized.passed).toBe(true);

  const { manifest } = await loadBundle(join(sandbox.home, 'model'));
  expect(manifest.training?.data[0]?.name).toBe('scenes');
  expect(manifest.variants?.map(({ name }) => name)).toEqual(['int8-static']);

  const miner = await box();
  const serving = await serve({ ...miner, bundle: join(sandbox.home, 'model') });
  const [axon] = serving.listening.axons;
  for (const generation of ['1', '2']) {
    const { stdout } = await miner.sandbox.run([
      ...['challenge', '--target', `127.0.0.1:${axon?.port}`, '--axon-hotkey', axon?.hotkey ?? ''],
      ...['--generation', generation, '--count', '300', '--seed', '11', '--concurrency', '4', '--json'],
    ]);
    const challenge: ResultOf<'challenge'> = JSON.parse(stdout);
    const summary = challenge.targets[0]?.summary;
    expect(summary?.answered).toBe(300);
    expect(summary?.worth, `generation ${generation}`).toBeGreaterThanOrEqual(GOAL);
  }
}, 2_400_000);
