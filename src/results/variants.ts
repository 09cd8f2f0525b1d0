import { z } from 'zod';
import { dryRunLine, jobLines } from './jobs.ts';

const device = z.enum(['cpu', 'cuda', 'tensorrt']);

const gate = z.strictObject({
  passed: z.boolean(),
  reason: z.string().nullable().describe('Why it did not pass.'),
  device,
  dataset: z.strictObject({ name: z.string(), fingerprint: z.string() }),
  generations: z.array(z.int()),
  levels: z.array(z.int()),
  seed: z.int(),
  pictures: z.int().describe('Augmented pictures that both models answered.'),
  flips: z.int().describe('Pictures on which they decide differently.'),
  limit: z.number().describe('Largest share of flips that passes.'),
  worst: z.number().describe('Largest difference of the probability.'),
  mean: z.number(),
  reward: z.strictObject({
    source: z.number(),
    variant: z.number(),
    difference: z.number(),
    low: z.number().describe('95 % interval of the difference.'),
    high: z.number(),
  }),
});

const latency = z.strictObject({
  device,
  threads: z.int(),
  sourceMs: z.number().describe('Median of one image through the model it was made from.'),
  variantMs: z.number(),
  machine: z.string(),
});

const quantized = z.strictObject({
  event: z.literal('result'),
  bundle: z.string(),
  variant: z.string(),
  passed: z.boolean().describe('The exit code is 1 unless it is true.'),
  file: z.string().describe('In the bundle; aside when it did not pass.'),
  bytes: z.int(),
  source_bytes: z.int(),
  gate,
  latency,
  tools: z.record(z.string(), z.string()),
});

const vlm = z.strictObject({
  event: z.literal('written').describe('The result where a vision-language model was made smaller.'),
  model: z.string(),
  to: z.enum(['vlm-w4a16', 'vlm-fp8']),
  output: z.string(),
  bytes: z.int(),
  source_bytes: z.int(),
  format: z.string().nullable(),
  tools: z.record(z.string(), z.string()),
});

const engine = z.strictObject({
  event: z.literal('result'),
  bundle: z.string(),
  passed: z.boolean().describe('The exit code is 1 unless it is true.'),
  engine: z.string().nullable().describe('The plan file; null when it did not pass.'),
  repository: z.string().nullable().describe('The folder in Triton’s model repository.'),
  key: z.strictObject({
    graph: z.string().describe('SHA-256 of the ONNX file.'),
    gpu: z.string(),
    capability: z.string(),
    tensorrt: z.string(),
    profile: z.strictObject({ least: z.int(), best: z.int(), most: z.int() }),
  }),
  image: z.string(),
  precision: z.enum(['fp32', 'fp16']),
  bytes: z.int(),
  layers: z.strictObject({ half: z.int(), full: z.int(), other: z.int() }),
  gate,
  latency,
});

const exported = z.strictObject({
  event: z.literal('result'),
  bundle: z.string(),
  name: z.string(),
  version: z.string(),
  from: z.string().describe('What the weights are.'),
  bytes: z.int(),
  sha256: z.string(),
});

export const variantsResults = {
  'export-onnx': z
    .discriminatedUnion('event', [...jobLines, dryRunLine, exported])
    .describe('One line of the output; the last is the result.'),
  'export-trt': z
    .discriminatedUnion('event', [...jobLines, dryRunLine, engine])
    .describe('One line of the output; the last is the result.'),
  quantize: z
    .discriminatedUnion('event', [...jobLines, dryRunLine, quantized, vlm])
    .describe('One line of the output; the last is the result.'),
  'bundle variants': z.strictObject({
    path: z.string(),
    name: z.string(),
    version: z.string(),
    variants: z.array(
      z.strictObject({
        name: z.string(),
        precision: z.string(),
        path: z.string(),
        bytes: z.int(),
        state: z
          .enum(['base', 'passed', 'unproved', 'stale', 'rejected'])
          .describe(
            'base: the others are made from it; unproved: no gate on record; stale: made from a graph that is no longer there; rejected: kept aside.',
          ),
        servedOn: z.array(device).describe('Devices on which serve takes it by itself.'),
        gate: gate.nullable(),
        latency: latency.nullable(),
        at: z.string().nullable(),
      }),
    ),
  }),
};
