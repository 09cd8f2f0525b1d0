import { z } from 'zod';

/** How `engine up` runs an inference server in a container on this machine; of profiles and stages of profiles. */
export const container = z
  .strictObject({
    kind: z
      .enum(['auto', 'triton', 'vllm', 'sglang', 'max'])
      .default('auto')
      .describe('Which server is run; auto: triton for engine oip, else the vendor, else vllm.'),
    image: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}$/, 'must be the name of a container image')
      .nullable()
      .default(null)
      .describe('Image instead of the one that this version of sv72 was made for.'),
    weights: z
      .string()
      .min(1)
      .max(500)
      .nullable()
      .default(null)
      .describe(
        'Weights of a chat model: owner/name on the Hugging Face Hub, or a folder (./…); null: the name of the model.',
      ),
    gpu: z
      .union([z.enum(['auto', 'none']), z.int().min(0).max(255)])
      .default('auto')
      .describe('Number of the GPU, as nvidia-smi counts; auto: the one with the most room; none: the CPU.'),
    context: z
      .int()
      .min(256)
      .max(1_048_576)
      .default(4_096)
      .describe('Most tokens of one question, picture and answer included (chat models).'),
    sequences: z
      .int()
      .min(1)
      .max(1_024)
      .default(8)
      .describe('Questions that are worked on at the same time (chat models).'),
    memory_gib: z
      .number()
      .positive()
      .max(10_000)
      .nullable()
      .default(null)
      .describe('Memory of the weights on the GPU, in GiB; null: as the files or the name of the model say.'),
    arguments: z
      .array(z.string().min(1).max(2_000))
      .max(64)
      .default([])
      .describe('Further arguments of the server’s program.'),
    start_s: z
      .number()
      .min(5)
      .max(86_400)
      .default(1_800)
      .describe('How long it may take to load until it answers, in seconds.'),
  })
  .prefault({});
