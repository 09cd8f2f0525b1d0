import { describe, expect, test } from 'vitest';
import type { BundleInput } from '../../../src/bundle/index.ts';
import { graphDifferences } from '../../../src/inference/engines/onnx/graph.ts';

const input: BundleInput = {
  name: 'image',
  dtype: 'uint8',
  layout: 'nhwc',
  size: [224, 192],
  colour: 'rgb',
  batch: { kind: 'dynamic', max: 8 },
  resize: { fit: 'stretch', kernel: 'linear', antialias: true, background: [0, 0, 0] },
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const output = {
  name: 'roadwork',
  kind: 'probability' as const,
  positiveIndex: 1 as const,
  calibration: { inGraph: true, temperature: 1, bias: 0 },
};
const image = { name: 'image', type: 'uint8', shape: ['batch', 224, 192, 3] };
const roadwork = { name: 'roadwork', type: 'float32', shape: ['batch', 1] };
const twoClass = { ...output, kind: 'two-class' as const };
const fixed = (size: number) => ({ ...input, batch: { kind: 'fixed' as const, size } });

describe('a graph that agrees with its manifest', () => {
  test.each([
    ['as declared', [image], [roadwork], input, output],
    ['free height and width', [{ ...image, shape: ['n', 'h', 'w', 3] }], [roadwork], input, output],
    ['a flat output', [image], [{ ...roadwork, shape: ['n'] }], input, output],
    [
      'more outputs than needed',
      [image],
      [{ ...roadwork, name: 'x', type: 'int64' }, roadwork],
      input,
      output,
    ],
    ['two classes', [image], [{ ...roadwork, shape: ['n', 2] }], input, twoClass],
    [
      'a fixed batch',
      [{ ...image, shape: [4, 224, 192, 3] }],
      [{ ...roadwork, shape: [4, 1] }],
      fixed(4),
      output,
    ],
  ])('%s', (_, inputs, outputs, declared, result) => {
    expect(graphDifferences({ inputs, outputs }, declared, result)).toEqual([]);
  });
});

describe('a graph that contradicts its manifest', () => {
  test.each([
    [[{ ...image, name: 'x' }], [roadwork], input, output, 'the graph has no input "image", but "x"'],
    [[], [roadwork], input, output, 'the graph has no input "image", but none'],
    [[image, { ...image, name: 'scale' }], [roadwork], input, output, 'the graph needs more inputs: "scale"'],
    [
      [{ ...image, type: 'float16' }],
      [roadwork],
      input,
      output,
      'input "image" is float16, the manifest says uint8',
    ],
    [
      [{ ...image, shape: ['batch', 3, 224, 192] }],
      [roadwork],
      input,
      output,
      'input "image" is [batch, 3, 224, 192], the manifest says [batch, 224, 192, 3] (nhwc)',
    ],
    [
      [{ ...image, shape: [1, 224, 192, 3] }],
      [roadwork],
      input,
      output,
      'input "image" is [1, 224, 192, 3], the manifest says [batch, 224, 192, 3] (nhwc)',
    ],
    [
      [{ ...image, shape: [2, 224, 192, 3] }],
      [roadwork],
      fixed(4),
      output,
      'input "image" is [2, 224, 192, 3], the manifest says [4, 224, 192, 3] (nhwc)',
    ],
    [
      [{ ...image, shape: [] }],
      [roadwork],
      input,
      output,
      'input "image" is [], the manifest says [batch, 224, 192, 3] (nhwc)',
    ],
    [[image], [], input, output, 'the graph has no output "roadwork", but none'],
    [[image], [{ ...roadwork, type: 'float16' }], input, output, 'output "roadwork" is float16, not float32'],
    [
      [image],
      [{ ...roadwork, shape: ['batch', 1000] }],
      input,
      output,
      'output "roadwork" is [batch, 1000], a probability needs [batch, 1] or [batch]',
    ],
    [[image], [roadwork], input, twoClass, 'output "roadwork" is [batch, 1], a two-class needs [batch, 2]'],
  ])('%#', (inputs, outputs, declared, result, difference) => {
    expect(graphDifferences({ inputs, outputs }, declared, result)).toEqual([difference]);
  });
});
