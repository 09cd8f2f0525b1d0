import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';
import { brightDataset, temporaryFolder } from './stage.ts';

const box = new Sandbox();
const demo = join(import.meta.dirname, '..', '..', 'models', 'demo');

beforeAll(() => cpSync(demo, join(box.home, 'model'), { recursive: true }));
afterAll(() => box.remove());

test('variants of a bundle without any', async () => {
  const { json, exit } = await box.json(['bundle', 'variants', 'model']);
  expectSchema('bundle variants', json);
  expect(exit).toBe(0);
  expect(json).toMatchObject({
    name: 'demo-roadwork',
    variants: [{ name: 'fp32', state: 'base', servedOn: ['cpu', 'cuda'], gate: null }],
  });
});

test.each([
  [['--to', 'int8-static'], 'needs a dataset'],
  [['--to', 'fp16', '--data', '.', '--output', 'x'], '--output is for vision-language models'],
  [['--to', 'vlm-fp8'], 'needs a folder to write'],
  [['--to', 'int8-static', '--data', '.', '--max-flips', 'few'], '--max-flips: "few" is not per cent'],
])('quantize %j is a wrong command line', async (words, message) => {
  const { exit, stderr } = await box.run(['quantize', 'model', ...words]);
  expect(stderr).toContain(message);
  expect(exit).toBe(2);
});

test.each([
  [[], 'needs a dataset that judges it (--data)'],
  [['--check', '--batches', '4,1,2'], '--batches: "4,1,2" is not three rising numbers'],
  [['--check', '--data', '.'], 'cannot also be provided'],
])('export-trt %j is a wrong command line', async (words, message) => {
  const { exit, stderr } = await box.run(['export-trt', 'model', ...words]);
  expect(stderr).toContain(message);
  expect(exit).toBe(2);
});

test('export-trt refuses without a GPU, and without a graph of half precision', async () => {
  const data = await brightDataset(await temporaryFolder(), 20);
  // No programs of this machine: no nvidia-smi either.
  const env = { PATH: join(process.execPath, '..') };
  const words = ['export-trt', 'model', '--data', data, '--precision', 'fp32', '--runtime', 'local'];
  const refused = await box.json(words, { env });
  expect(refused).toMatchObject({ exit: 1, json: { error: { code: 'ERR_JOB_NO_GPU' } } });
  const half = await box.json(words.with(5, 'fp16'), { env });
  expect(half.json).toMatchObject({ error: { code: 'ERR_ENGINE_GRAPH' } });
});
