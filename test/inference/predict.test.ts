import { describe, expect, test } from 'vitest';
import { bundleOf, classifierOf, manifestFor, plain } from './models.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('a probability comes from the pixels', () => {
  test('uint8 NHWC, probability out', async () => {
    const classifier = await classifierOf(await bundleOf('mean-uint8'));
    for (const grey of [0, 51, 204, 255]) {
      const prediction = await classifier.predict(await plain(grey));
      expect(prediction).toMatchObject({ source: 'model', width: 8, height: 8, format: 'png' });
      expect(prediction.probability).toBeCloseTo(grey / 255, 6);
    }
  });

  test('another size is resized as the manifest says: letterbox leaves a border of its background', async () => {
    const { input } = manifestFor('mean-uint8');
    const letterbox = {
      ...input.resize,
      fit: 'letterbox' as const,
      background: [51, 51, 51] as [number, number, number],
    };
    const bundle = await bundleOf('mean-uint8', { input: { ...input, resize: letterbox } });
    const classifier = await classifierOf(bundle);
    const { probability, width, height } = await classifier.predict(
      await plain(255, { width: 64, height: 32 }),
    );
    expect([width, height]).toEqual([64, 32]);
    expect(probability).toBeCloseTo((255 + 51) / 2 / 255, 5);
  });

  test('float32 NCHW, logit out: scale, mean, std and the order of colours', async () => {
    const { input } = manifestFor('weighted-logit');
    const bundle = await bundleOf('weighted-logit', {
      input: { ...input, scale: 1 / 255, mean: [0.1, 0.2, 0.3], std: [0.5, 0.5, 0.25] },
    });
    const classifier = await classifierOf(bundle);
    const { probability } = await classifier.predict(await plain({ r: 255, g: 102, b: 51 }));
    expect(probability).toBeCloseTo(sigmoid(0.9 / 0.5 + (2 * 0.2) / 0.5 - (4 * -0.1) / 0.25), 5);
  });

  test('bgr: the first channel of the tensor is blue', async () => {
    const { input } = manifestFor('weighted-logit');
    const bundle = await bundleOf('weighted-logit', { input: { ...input, colour: 'bgr', scale: 1 / 255 } });
    const classifier = await classifierOf(bundle);
    const { probability } = await classifier.predict(await plain({ r: 255, g: 0, b: 51 }));
    expect(probability).toBeCloseTo(sigmoid(1 * 0.2 - 4 * 1), 5);
  });

  test('two classes in batches of a fixed size, with the positive one first', async () => {
    const { input } = manifestFor('two-class-fixed');
    const bundle = await bundleOf('two-class-fixed', {
      input: { ...input, scale: 1 / 51 },
      positive: { label: 'Roadwork', index: 0 },
    });
    const classifier = await classifierOf(bundle);
    const images = await Promise.all([20, 40, 60].map((r) => plain({ r, g: 102, b: 0 })));
    const predictions = await Promise.all(images.map((image) => classifier.predict(image)));
    [20, 40, 60].forEach((r, i) => {
      expect(predictions[i]?.probability).toBeCloseTo(sigmoid(r / 51 - 2), 5);
    });
  });

  test('calibration that is not in the graph is applied', async () => {
    const { input } = manifestFor('weighted-logit');
    const bundle = await bundleOf('weighted-logit', {
      input: { ...input, scale: 1 / 255 },
      calibration: { inGraph: false, temperature: 2, bias: 0.5 },
    });
    const classifier = await classifierOf(bundle);
    const { probability } = await classifier.predict(await plain({ r: 255, g: 0, b: 0 }));
    expect(probability).toBeCloseTo(sigmoid((1 - 0.5) / 2), 5);
  });

  test('what runs is said', async () => {
    const bundle = await bundleOf('mean-uint8');
    const classifier = await classifierOf(bundle, { processes: 2, threads: 1 });
    expect(classifier.info).toMatchObject({
      bundle: { name: 'mean-uint8', version: '1.0.0', demo: true },
      engine: expect.stringMatching(/^ONNX Runtime \d/),
      device: 'cpu',
      precision: 'fp32',
      processes: 2,
      threads: 1,
      maxBatch: 8,
    });
    expect(classifier.stats().pids).toHaveLength(2);
  });
});
