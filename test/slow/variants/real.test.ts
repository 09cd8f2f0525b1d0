import { chmodSync, cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBundle } from '../../../src/bundle/index.ts';
import type { ResultOf } from '../../../src/results/index.ts';
import { box, serve } from '../../e2e/box.ts';
import { manifestFor } from '../../inference/models.ts';
import { expectSchema } from '../../support/schema.ts';
import { home } from '../training/stage.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FAKE = join(ROOT, 'templates', 'train', 'tests', 'fake_trtexec.py');

function script(folder: string, name: string, lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(join(folder, name), 0o755);
}

const gpu = (name: string): readonly string[] => [`echo "0, ${name}, 580.95.05, 24564, 24000, 8.9"`];

test('variants of the demonstration model are made, proved, served and built into an engine', async () => {
  const { sandbox, env } = home();
  const model = join(sandbox.home, 'model');
  cpSync(join(ROOT, 'models', 'demo'), model, { recursive: true });
  const run = async (words: readonly string[], more: Record<string, string> = {}) => {
    const { exit, stdout, stderr } = await sandbox.run([...words, '--json'], { env: { ...env, ...more } });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    return { exit, stderr, json: JSON.parse(stdout.trimStart().startsWith('{\n') ? stdout : last) };
  };
  await run(['data', 'draw', 'scenes', '--count', '300', '--seed', '7']);

  for (const to of ['int8-static', 'int8-dynamic', 'fp16']) {
    const words = ['quantize', 'model', '--to', to, '--data', 'scenes', '--runtime', 'local'];
    const { json, exit, stderr } = await run([
      ...words,
      '--calibration',
      '64',
      '--pictures',
      '500',
      '--max-flips',
      '1',
    ]);
    expect(exit, stderr).toBe(0);
    expectSchema('quantize', json);
    expect(json).toMatchObject({ variant: to, passed: true, gate: { device: 'cpu' } });
    expect(json.gate.pictures).toBeGreaterThanOrEqual(500);
  }
  const { json: listed }: { json: ResultOf<'bundle variants'> } = await run(['bundle', 'variants', 'model']);
  expect(listed.variants.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'fp32 base',
    'int8-static passed',
    'int8-dynamic passed',
    'fp16 passed',
  ]);
  const bytes = Object.fromEntries(listed.variants.map((row) => [row.name, row.bytes]));
  expect(bytes['int8-static']).toBeLessThan(0.35 * (bytes.fp32 ?? 0));
  expect(bytes.fp16).toBeLessThan(0.55 * (bytes.fp32 ?? 0));

  const miner = await box();
  const serving = await serve({ ...miner, bundle: model }, ['--variant', 'int8-static']);
  expect(serving.listening.engine).toMatchObject({
    precision: 'int8',
    variant: 'int8-static',
    chosen: 'as asked for',
  });

  // The programs that a GPU would bring, as strict as the real ones.
  const programs = join(sandbox.home, 'programs');
  script(programs, 'nvidia-smi', gpu('NVIDIA L4'));
  const environments = join(ROOT, '.cache', 'jobs');
  const [quantize] = readdirSync(environments).filter((name) => /^quantize-[0-9a-f]+$/.test(name));
  const python = join(environments, quantize ?? '', 'bin', 'python');
  script(programs, 'trtexec', [`exec "${python}" "${FAKE}" "$@"`]);
  const PATH = `${programs}:${env.PATH}`;
  const trt = ['export-trt', 'model', '--runtime', 'local'];
  const engine = await run([...trt, '--data', 'scenes', '--pictures', '200', '--max-flips', '1'], { PATH });
  expect(engine.exit, engine.stderr).toBe(0);
  expectSchema('export-trt', engine.json);
  expect(engine.json).toMatchObject({
    passed: true,
    precision: 'fp16',
    key: { gpu: 'NVIDIA L4', capability: '8.9', tensorrt: '11.4.0' },
    layers: { half: 3, full: 1, other: 0 },
  });
  expect(readdirSync(model, { recursive: true }).filter((name) => String(name).endsWith('.plan'))).toEqual(
    [],
  );

  const check = await run([...trt, '--check', '--repository', 'triton'], { PATH });
  expect(check.json).toMatchObject({ engine: engine.json.engine });
  expect(check.stderr).toContain('tritonserver --model-repository=/models');
  expect(check.stderr).toContain('sv72 serve --bundle model --engine oip');
  script(programs, 'nvidia-smi', gpu('NVIDIA L40S'));
  const stale = await run([...trt, '--check'], { PATH });
  expect(stale).toMatchObject({ exit: 1, json: { error: { code: 'ERR_ENGINE_STALE' } } });
  expect(stale.json.error.next).toBe('Run `sv72 export-trt model --data DATASET`.');
});

test('a model without matrix products cannot be quantized dynamically, and says so', async () => {
  const { sandbox, env } = home();
  const graph = join(ROOT, 'test', 'fixtures', 'models', 'mean-uint8.onnx');
  const model = join(sandbox.home, 'model');
  await writeBundle({
    dir: model,
    manifest: manifestFor('mean-uint8'),
    files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: { copyFrom: graph } }],
  });
  await sandbox.run(['data', 'draw', 'scenes', '--count', '40'], { env });
  const words = ['quantize', 'model', '--to', 'int8-dynamic', '--data', 'scenes', '--runtime', 'local'];
  const { exit, stderr } = await sandbox.run(words, { env });
  expect(exit).toBe(1);
  expect(stderr).toContain('the graph has no MatMul or Gemm; for convolutions there is int8-static');
});
