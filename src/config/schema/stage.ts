import { z } from 'zod';
import { server } from './server.ts';

/** What a profile and a stage of one have in common: which model, and where it runs. */
export const engine = z.enum(['onnx', 'oip', 'openai']);
export const bundle = z.string().min(1);
export const device = z.enum(['auto', 'cpu', 'cuda', 'tensorrt']);
export const precision = z.enum(['auto', 'fp32', 'fp16', 'int8']);
export const variant = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
export const threads = z.union([z.literal('auto'), z.int().min(1).max(256)]);
export const processes = z.int().min(1).max(64);

export const stage = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be small letters, digits and dashes')
    .describe('Name of the stage, in the log and in the file of the cascade.'),
  engine: engine.optional().describe('As of the profile, which is taken where the stage says nothing.'),
  bundle: bundle.optional().describe('As of the profile.'),
  device: device.optional().describe('As of the profile.'),
  precision: precision.optional().describe('As of the profile.'),
  variant: variant.optional().describe('As of the profile.'),
  threads: threads.optional().describe('As of the profile.'),
  processes: processes.optional().describe('As of the profile.'),
  server: server.unwrap().optional().describe('As of the profile; where it is given, as a whole.'),
  tta: z
    .enum(['none', 'flip', 'crops'])
    .default('none')
    .describe(
      'Further look at pictures that are doubtful after this stage: flip: the mirror image; crops: two parts as well.',
    ),
  cost_per_1000: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('What a thousand pictures cost, in any money: for the trade-off of `cascade fit`.'),
});
