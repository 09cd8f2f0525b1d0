import { z } from 'zod';
import { amount, ss58 } from './amount.ts';

const announced = z
  .strictObject({
    address: z.string().describe('Address and port, as validators use them.'),
    ip: z.string().nullable().describe('null: the number on chain is no address.'),
    port: z.int(),
    block: z.int().describe('Block of the announcement.'),
    version: z.int(),
  })
  .nullable()
  .describe('null: nothing is announced.');

const finding = z.strictObject({
  status: z.enum(['ok', 'warning', 'failed']),
  sentence: z.string(),
  fix: z.string().nullable().describe('The one command line that mends it.'),
});

const where = { network: z.string(), netuid: z.int(), block: z.int() };
const own = { name: z.string(), hotkey: ss58, uid: z.int().nullable() };

const missing = z
  .array(z.strictObject({ name: z.string(), reason: z.string(), fix: z.string() }))
  .describe('Hotkeys of the settings whose address cannot be read.');

const sent = z.strictObject({
  ...own,
  kind: z.enum(['axon', 'prometheus']),
  address: z.string(),
  result: z
    .enum(['announced', 'unchanged', 'valid'])
    .describe('valid: checked by the node and not sent (--dry-run).'),
  fee: amount,
  block: z.int().nullable(),
  hash: z.string().nullable(),
});

export const axonResults = {
  'axon show': z.strictObject({
    ...where,
    serving_rate_limit: z.int().describe('Blocks between two announcements of one hotkey.'),
    hotkeys: z.array(
      z.strictObject({
        ...own,
        announced,
        prometheus: announced,
        next_in: z.int().describe('Blocks until it may be announced again; 0: now.'),
      }),
    ),
    missing,
  }),
  'axon set': z.strictObject({ network: z.string(), netuid: z.int(), announcements: z.array(sent) }),
  'axon reset': z.strictObject({ network: z.string(), netuid: z.int(), announcements: z.array(sent) }),
  'axon check': z.strictObject({
    ...where,
    status: z.enum(['ok', 'warning', 'failed']).describe('The worst; the exit code is 20, 10 or 0.'),
    hotkeys: z.array(
      z.strictObject({
        ...own,
        announced,
        listening: z.strictObject({ host: z.string(), port: z.int(), pid: z.int() }).nullable(),
        findings: z.array(finding),
        proved: z.string().nullable().describe('What a connection from this machine showed, and what not.'),
      }),
    ),
    missing,
  }),
};
