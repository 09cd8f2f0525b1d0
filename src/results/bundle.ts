import { z } from 'zod';

const precision = z.enum(['fp32', 'fp16', 'int8']);
const device = z.enum(['cpu', 'cuda', 'tensorrt']);

const file = z.strictObject({
  path: z.string(),
  role: z.string(),
  precision: precision.nullable(),
  bytes: z.int(),
  ok: z.boolean(),
  problem: z.string().nullable(),
});

export const bundleResults = {
  'bundle show': z.strictObject({
    path: z.string(),
    ok: z.boolean().describe('false when a file is missing or is not what sv72.json lists.'),
    files: z.array(file),
    manifest: z.record(z.string(), z.unknown()).describe('The contents of sv72.json, defaults filled in.'),
  }),
  'bundle verify': z.strictObject({
    path: z.string(),
    name: z.string(),
    version: z.string(),
    demo: z.boolean().describe('A demonstration model, which a live network must not see.'),
    ok: z.boolean().describe('The exit code is 1 unless it is true.'),
    files: z.array(file),
    run: z
      .strictObject({
        engine: z.string(),
        device: z.enum(['cpu', 'cuda', 'tensorrt', 'server']),
        attempts: z.array(z.strictObject({ device, ok: z.boolean(), detail: z.string() })),
        precision: z.enum(['fp32', 'fp16', 'int8', 'unknown']),
        threads: z.int(),
        max_batch: z.int(),
        infer_ms: z.number().describe('One image through the model.'),
      })
      .nullable()
      .describe('What the engine said with --run.'),
  }),
  'engine gpu-libraries': z.strictObject({
    folder: z.string(),
    files: z.array(z.string()).describe('Libraries that are installed now.'),
  }),
};
