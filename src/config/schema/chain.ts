import { z } from 'zod';
import { resolveNetwork } from '../networks.ts';
import { endpoint, seconds } from './fields.ts';

export const network = z
  .string()
  .refine(
    (value) => resolveNetwork(value) !== undefined,
    'must be finney, test, local, archive, devnet or a ws:// or wss:// URL',
  )
  .default('finney')
  .describe('Chain to work with: finney (mainnet), test, local, archive, devnet, or a ws(s) URL.');

export const netuid = z
  .int()
  .min(0)
  .max(65_535)
  .nullable()
  .default(null)
  .describe('Subnet; null takes StreetVision’s own: 72 on finney, 323 on test.');

export const chain = z
  .strictObject({
    fallback_endpoints: z
      .union([z.enum(['auto', 'none']), z.array(endpoint).max(16)])
      .default('auto')
      .describe(
        'Further endpoints of the same chain, tried when one fails: a list of ws(s) URLs; auto: the network’s own; none: no fail-over.',
      ),
    timeout_s: seconds(1, 600)
      .default(30)
      .describe('Longest wait for an answer of the chain’s endpoint, in seconds.'),
    era_blocks: z
      .int()
      .min(4)
      .max(64)
      .default(64)
      .describe('Blocks for which a transaction stays valid; a power of two, else the next smaller one.'),
    cache: z
      .string()
      .nullable()
      .default(null)
      .describe('Folder for what can be read from the chain again; null: the cache folder of this user.'),
    refresh_s: seconds(1, 3600)
      .default(120)
      .describe(
        'How often `serve` reads the subnet’s validators and its own UIDs from the chain, in seconds.',
      ),
  })
  .prefault({});
