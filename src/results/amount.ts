import { z } from 'zod';

/** An amount: exact digits of 10^-9 for programs, text for people. */
export const amount = z.strictObject({
  rao: z
    .string()
    .regex(/^-?\d+$/)
    .describe('Integer count of 10^-9, as decimal digits.'),
  text: z.string(),
});

export const ss58 = z.string().regex(/^5[1-9A-HJ-NP-Za-km-z]{47}$/);

export const hex = z.string().regex(/^0x[0-9a-f]*$/);

/** What a sent transaction left behind; null after a dry run. */
export const included = z
  .strictObject({
    hash: hex,
    block_hash: hex,
    block: z.int(),
    extrinsic: z.int().describe('Its index in the block.'),
    fee: amount,
  })
  .nullable()
  .describe('null after a dry run.');
