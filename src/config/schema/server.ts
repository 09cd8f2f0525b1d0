import { z } from 'zod';
import { container } from '../container.ts';
import { seconds, secretFile } from './fields.ts';

/** An inference server, as profiles and stages of profiles name it. */
export const server = z
  .strictObject({
    url: z
      .string()
      .max(2048)
      .nullable()
      .default(null)
      .describe(
        'Base URL of the inference server (engines oip and openai), for example http://127.0.0.1:8000.',
      ),
    model: z
      .string()
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .describe(
        'Name of the model on the server; null: the name of the bundle (oip), the only model that it has (openai).',
      ),
    token_env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
      .nullable()
      .default(null)
      .describe('Environment variable that holds a token for the server.'),
    token_file: secretFile.describe('File that holds a token for the server, instead of a variable.'),
    remote: z
      .boolean()
      .default(false)
      .describe('Whether pictures may be sent to a server on another machine.'),
    ready_s: seconds(1, 3600)
      .default(20)
      .describe('How long the server may take to be ready when the miner starts, in seconds.'),
    vendor: z
      .enum(['auto', 'vllm', 'sglang', 'max', 'llama.cpp', 'generic'])
      .default('auto')
      .describe(
        'Whose fields beyond the common ones are sent (engine openai); auto: as the server calls itself.',
      ),
    prompt: z
      .string()
      .min(1)
      .max(8_000)
      .nullable()
      .default(null)
      .describe('Question put beside the picture (engine openai), to be answered Yes or No; null: our own.'),
    max_tokens: z
      .int()
      .min(1)
      .max(4_096)
      .default(1)
      .describe(
        'Most tokens of an answer (engine openai); more than one only for models that say more first.',
      ),
    concurrency: z
      .int()
      .min(1)
      .max(256)
      .default(8)
      .describe('Pictures that are asked about at the same time (engine openai).'),
    image_side: z
      .int()
      .min(32)
      .max(4_096)
      .default(1_024)
      .describe('Longest side of the pictures that are sent (engine openai); larger ones are made smaller.'),
    price_input: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe('Price of a million tokens that are sent, pictures included, in the money of the budget.'),
    price_output: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe('Price of a million tokens that are answered, in the money of the budget.'),
    budget_per_day: z
      .union([z.literal('unlimited'), z.number().min(0).max(1_000_000)])
      .nullable()
      .default(null)
      .describe(
        'Most money for this server in a day (UTC); a server on another machine (engine openai) needs one, or "unlimited".',
      ),
    container,
  })
  .prefault({});
