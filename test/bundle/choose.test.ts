import { describe, expect, test } from 'vitest';
import { chooseModel, modelsOf } from '../../src/bundle/index.ts';
import { variant, withVariants } from './variants.ts';

const failed = { ...variant('x').gate, passed: false, reason: 'too many flips' };

describe('by itself', () => {
  test.each([
    ['the model itself where there is nothing else', [], 'cpu', 'fp32', 'the only model'],
    ['the faster variant', [variant('int8-static')], 'cpu', 'int8-static', '3 of 2000 decisions differ'],
    [
      'the fastest of several',
      [variant('int8-static', {}, 1.5), variant('int8-dynamic', {}, 2.5)],
      'cpu',
      'int8-dynamic',
      '2.5 times as fast',
    ],
    ['no variant that hardly gains', [variant('int8-static', {}, 1.1)], 'cpu', 'fp32', 'faster here'],
    ['no slower variant', [variant('fp16', {}, 0.7)], 'cpu', 'fp32', 'faster here'],
    ['none that failed', [variant('int8-static', { gate: failed })], 'cpu', 'fp32', 'faster here'],
    ['half precision on a GPU', [variant('fp16', {}, 0.7), variant('int8-static')], 'cuda', 'fp16', 'passed'],
    ['no int8 on a GPU', [variant('int8-static')], 'cuda', 'fp32', 'faster here'],
    [
      'no half precision that was measured to be slow there',
      [variant('fp16', { latency: { ...variant('x').latency, device: 'cuda', sourceMs: 1, variantMs: 2 } })],
      'cuda',
      'fp32',
      'faster here',
    ],
  ] as const)('takes %s', (_, variants, device, name, why) => {
    const choice = chooseModel(withVariants(variants), device);
    expect(choice.model.name).toBe(name);
    expect(choice.why).toContain(why);
  });

  test('passes over a variant of a graph that is no longer there', () => {
    const choice = chooseModel(withVariants([variant('int8-static')], 'b'.repeat(64)), 'cpu');
    expect(choice).toMatchObject({
      model: { name: 'fp32' },
      why: 'the variants were made from another graph',
    });
  });
});

describe('as asked for', () => {
  const manifest = withVariants([variant('int8-static', { gate: failed }), variant('fp16', {}, 0.5)]);

  test.each([
    [{ variant: 'int8-static' }, 'int8-static'],
    [{ variant: 'fp32', precision: 'int8' }, 'fp32'],
    [{ precision: 'int8' }, 'int8-static'],
    [{ variant: 'auto', precision: 'fp16' }, 'fp16'],
  ] as const)('%o is %s', (wish, name) => {
    expect(chooseModel(manifest, 'cpu', wish)).toMatchObject({ model: { name }, why: 'as asked for' });
  });

  test('what is not there is named', () => {
    expect(() => chooseModel(manifest, 'cpu', { variant: 'int8-dynamic' })).toThrow(
      expect.objectContaining({
        code: 'ERR_BUNDLE_VARIANT',
        message:
          'The bundle sample 1.2.3-rc.1+build.5 has no variant int8-dynamic, only fp32, int8-static, fp16.',
      }),
    );
  });

  test('a stale variant is refused', () => {
    const stale = withVariants([variant('int8-static')], 'b'.repeat(64));
    expect(modelsOf(stale).map((model) => model.stale)).toEqual([false, true]);
    for (const wish of [{ variant: 'int8-static' }, { precision: 'int8' }] as const) {
      expect(() => chooseModel(stale, 'cpu', wish)).toThrow(
        expect.objectContaining({ code: 'ERR_VARIANT_STALE' }),
      );
    }
  });
});

test('two int8 models are told apart by their records, and only by them', () => {
  const two = [variant('int8-static'), variant('int8-dynamic')];
  expect(modelsOf(withVariants(two)).map(({ name }) => name)).toEqual([
    'fp32',
    'int8-static',
    'int8-dynamic',
  ]);
  expect(() =>
    withVariants([variant('int8-static'), variant('int8-static', { path: 'other.onnx' })]),
  ).toThrow(/more than one int8-static model/);
  expect(() => withVariants([variant('int8-static', { path: 'model.onnx' })])).toThrow(/no model of its own/);
});
