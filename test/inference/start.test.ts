import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadBundle, writeBundle } from '../../src/bundle/index.ts';
import { createClassifier } from '../../src/inference/index.ts';
import { bundleOf, manifestFor, temporaryFolder } from './models.ts';

describe('a model that cannot be served is refused with the reason', () => {
  test('a graph that contradicts the manifest', async () => {
    const { input } = manifestFor('mean-uint8');
    const bundle = await bundleOf('mean-uint8', { input: { ...input, size: [16, 8] } });
    await expect(createClassifier({ bundle, device: 'cpu' })).rejects.toMatchObject({
      code: 'ERR_GRAPH_MISMATCH',
      details: {
        differences: ['input "image" is [batch, 8, 8, 3], the manifest says [batch, 16, 8, 3] (nhwc)'],
      },
    });
  });

  test('a logit that is declared a probability', async () => {
    const { input: floats } = manifestFor('weighted-logit');
    const bundle = await bundleOf('weighted-logit', {
      input: { ...floats, mean: [0, 0, 64] },
      output: { name: 'roadwork', kind: 'probability' },
    });
    await expect(createClassifier({ bundle, device: 'cpu' })).rejects.toMatchObject({
      code: 'ERR_GRAPH_MISMATCH',
      message: expect.stringContaining('declared a probability, but for a grey image it is'),
    });
  });

  test('garbage in place of a graph', async () => {
    const bundle = await writeBundle({
      dir: join(await temporaryFolder(), 'bundle'),
      manifest: manifestFor('mean-uint8'),
      files: [{ path: 'model.onnx', role: 'model', precision: 'fp32', content: 'not a graph' }],
    });
    await expect(createClassifier({ bundle, device: 'cpu' })).rejects.toMatchObject({
      code: 'ERR_ENGINE_START',
      message: expect.stringMatching(/^The model could not be loaded: .*(protobuf|ModelProto|INVALID)/i),
    });
  });

  test('a file that changed or went after the bundle was loaded', async () => {
    const bundle = await bundleOf('mean-uint8');
    await writeFile(bundle.pathOf(bundle.model()), 'changed');
    await expect(createClassifier({ bundle })).rejects.toMatchObject({ code: 'ERR_BUNDLE_DAMAGED' });
    await rm(bundle.pathOf(bundle.model()));
    await expect(createClassifier({ bundle })).rejects.toMatchObject({
      code: 'ERR_BUNDLE_DAMAGED',
      message: expect.stringContaining('is missing'),
    });
  });

  test('a precision that the bundle does not have', async () => {
    const bundle = await bundleOf('mean-uint8');
    await expect(createClassifier({ bundle, precision: 'int8' })).rejects.toMatchObject({
      code: 'ERR_BUNDLE_VARIANT',
      details: { available: ['fp32'] },
    });
  });
});

describe('where it runs', () => {
  test('a runtime that is not installed: the command that installs it', async () => {
    const bundle = await bundleOf('mean-uint8');
    await expect(createClassifier({ bundle, runtime: 'onnxruntime-node-absent' })).rejects.toMatchObject({
      code: 'ERR_ENGINE_MISSING',
      next: expect.stringContaining('ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node@1.30.0'),
    });
  });

  test('a start that takes too long is given up', async () => {
    const bundle = await bundleOf('mean-uint8');
    await expect(createClassifier({ bundle, limits: { startMs: 1 } })).rejects.toMatchObject({
      code: 'ERR_ENGINE_START',
      message: expect.stringContaining('not ready within 1 ms'),
    });
  });

  test('a copy of a bundle in another place works as well', async () => {
    const bundle = await bundleOf('mean-uint8');
    const folder = join(await temporaryFolder(), 'a folder with spaces é');
    await cp(bundle.dir, folder, { recursive: true });
    const classifier = await createClassifier({ bundle: await loadBundle(folder), device: 'cpu' });
    await classifier.close();
  });
});
