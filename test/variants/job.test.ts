import { join } from 'node:path';
import { expect, test } from 'vitest';
import { baseModel, loadBundle } from '../../src/bundle/index.ts';
import { HubToken } from '../../src/hub-token/index.ts';
import type { CommandWord } from '../../src/jobs/index.ts';
import { engineJob } from '../../src/variants/engine/job.ts';
import { prepareVlm, quantizeJob, type Recipe } from '../../src/variants/index.ts';
import { median } from '../../src/variants/latency.ts';
import { brightDataset, jobResult, temporaryFolder } from './stage.ts';

const demo = join(import.meta.dirname, '..', '..', 'models', 'demo');
const recipe: Recipe = { kind: 'int8-static', method: 'percentile', reduceRange: false, autocast: false };

/** A command as one line, mounts as `name:path`. */
const line = (command: readonly CommandWord[]): string =>
  command.map((word) => (typeof word === 'string' ? word : `${word.mount}:${word.path ?? ''}`)).join(' ');

test.each<[Partial<Recipe>, string, string]>([
  [
    {},
    'quantize',
    '--to int8-static --model bundle:model.onnx --out work:made.onnx --calibration work:pictures.npy --method percentile',
  ],
  [
    { method: 'minmax', reduceRange: true },
    'quantize',
    '--to int8-static --model bundle:model.onnx --out work:made.onnx --calibration work:pictures.npy --method minmax --reduce-range',
  ],
  [{ kind: 'int8-dynamic' }, 'quantize', '--to int8-dynamic --model bundle:model.onnx --out work:made.onnx'],
  [
    { kind: 'fp16', reduceRange: true },
    'quantize',
    '--to fp16 --model bundle:model.onnx --out work:made.onnx',
  ],
  [
    { kind: 'fp16', autocast: true },
    'modelopt',
    '--to fp16 --model bundle:model.onnx --out work:made.onnx --calibration work:pictures.npy --autocast',
  ],
])('%o runs in %s', async (change, environment, words) => {
  const bundle = await loadBundle(demo);
  const spec = quantizeJob(bundle, baseModel(bundle.manifest), { ...recipe, ...change }, '/work');
  expect(spec.environment).toBe(environment);
  expect(line(spec.command)).toBe(`python -m sv72_train.quantize ${words}`);
  expect(spec).toMatchObject({ gpus: 'none', network: 'none' });
  expect(spec.mounts).toContainEqual({ name: 'bundle', host: bundle.dir, readonly: true });
});

test('an engine is built in the image and on the GPU that serve it, without the network', async () => {
  const bundle = await loadBundle(demo);
  const spec = engineJob({
    bundle,
    model: baseModel(bundle.manifest),
    precision: 'fp16',
    profile: { least: 1, best: 4, most: 16 },
    image: 'nvcr.io/nvidia/tritonserver:26.09-py3',
    gpu: 2,
    work: '/work',
    timings: '/timings',
    workspaceMib: 4096,
  });
  expect(line(spec.command)).toBe(
    'python3 -m sv72_train.trt_build --onnx bundle:model.onnx --out work: --input image --shape 224x224x3 ' +
      '--batches 1,4,16 --precision fp16 --timing-cache timings:timing.cache --workspace 4096 --pictures work:pictures.npy',
  );
  expect(spec).toMatchObject({
    image: { kind: 'named', name: 'nvcr.io/nvidia/tritonserver:26.09-py3' },
    gpus: [2],
    needs: { gpu: true },
    network: 'none',
  });
});

test('a vision-language model is made smaller in an environment of its own, and a token stays out of the command', async () => {
  const folder = await temporaryFolder();
  const data = await brightDataset(folder, 10);
  const options = {
    model: 'Qwen/Qwen3.5-4B',
    output: join(folder, 'out'),
    data,
    calibration: 64,
    hub: join(folder, 'hub'),
    token: async () => new HubToken('hf_secret', 'HF_TOKEN'),
  };
  const four = await prepareVlm({ ...options, kind: 'vlm-w4a16' });
  expect(line(four.spec.command)).toBe(
    'python -m sv72_train.llm --to vlm-w4a16 --model Qwen/Qwen3.5-4B --out work:model --data data: --samples 64',
  );
  expect(four.spec).toMatchObject({
    environment: 'llm-compressor',
    needs: { gpu: true },
    secrets: { HF_TOKEN: 'hf_secret' },
  });
  const { secrets, ...shown } = four.spec;
  expect(JSON.stringify(shown)).not.toContain('hf_secret');
  const eight = await prepareVlm({ ...options, kind: 'vlm-fp8', data: undefined, model: folder });
  expect(line(eight.spec.command)).toBe(
    'python -m sv72_train.llm --to vlm-fp8 --model model: --out work:model',
  );
  await expect(
    eight.finish(jobResult('failed', { error: { code: 'gpu', message: 'no GPU' } })),
  ).rejects.toMatchObject({
    code: 'ERR_QUANTIZE',
    message: 'The model could not be converted: no GPU.',
  });
  await Promise.all([four.close(), eight.close()]);
});

test.each([
  [{ model: 'no such model' }, 'ERR_USAGE'],
  [{ data: undefined }, 'ERR_USAGE'],
  [{ output: '/' }, 'ERR_BUNDLE_EXISTS'],
] as const)('a wish that cannot be granted is refused before anything is made: %o', async (change, code) => {
  const folder = await temporaryFolder();
  const options = {
    kind: 'vlm-w4a16',
    model: 'Qwen/Qwen3.5-4B',
    output: join(folder, 'out'),
    data: demo,
    calibration: 64,
    hub: join(folder, 'hub'),
    token: async () => undefined,
  } as const;
  await expect(prepareVlm({ ...options, ...change })).rejects.toMatchObject({ code });
});

test('a median is in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, 0]);
});
