import type { BundleFile, Manifest, Variant } from '../../src/bundle/index.ts';
import { manifestSchema } from '../../src/bundle/index.ts';
import { manifest } from './sample.ts';

const SOURCE = 'a'.repeat(64);

/** A record of a variant that passed; `gain` is how many times as fast it is on the CPU. */
export function variant(name: string, change: Partial<Variant> = {}, gain = 2): Variant {
  return {
    name,
    path: `variants/${name}.onnx`,
    from: { path: 'model.onnx', sha256: SOURCE },
    at: '2026-11-21T09:00:00Z',
    settings: { method: 'percentile', calibration: 200 },
    tools: { onnxruntime: '1.31.1' },
    gate: {
      passed: true,
      reason: null,
      device: 'cpu',
      dataset: { name: 'scenes', fingerprint: 'f'.repeat(64) },
      generations: [1, 2, 3],
      levels: [0, 1, 2, 3],
      seed: 0,
      pictures: 2000,
      flips: 3,
      limit: 0.002,
      worst: 0.2,
      mean: 0.001,
      reward: { source: 0.9, variant: 0.9, difference: 0, low: -0.001, high: 0.001 },
    },
    latency: { device: 'cpu', threads: 1, sourceMs: 10 * gain, variantMs: 10, machine: 'test' },
    ...change,
  };
}

const file = (path: string, precision: 'fp32' | 'fp16' | 'int8', sha256: string): BundleFile => ({
  path,
  role: 'model',
  precision,
  sha256,
  bytes: 1,
});

/** A manifest with these variants of `model.onnx`. */
export function withVariants(variants: readonly Variant[], sha256 = SOURCE): Manifest {
  return manifestSchema.parse({
    ...manifest,
    format: 1,
    files: [
      file('model.onnx', 'fp32', sha256),
      ...variants.map(({ name, path }, i) =>
        file(path, name === 'fp16' ? 'fp16' : 'int8', String(i).repeat(64)),
      ),
    ],
    variants,
  });
}
