import { z } from 'zod';

const entry = {
  code: z.string().regex(/^ERR_[A-Z0-9_]+$/),
  who: z.enum(['user', 'bug', 'outside']),
  exit: z.int(),
  meaning: z.string(),
  next: z.string(),
};

const origin = z.strictObject({
  from: z.enum(['flag', 'environment', 'file', 'btcli', 'miner.env', 'default']),
  name: z.string(),
});

const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.string(), z.record(z.string(), z.unknown())])),
]);

export const generalResults = {
  errors: z.strictObject({ errors: z.array(z.strictObject(entry)) }),
  explain: z.union([
    z.strictObject(entry),
    z.strictObject({
      name: z.string().describe('The chain’s own word.'),
      custom: z.int().nullable().describe('Its number in “Custom error: N”, null when the pool has none.'),
      code: z
        .string()
        .regex(/^[a-z_]+$/)
        .describe('What kind of refusal, as btcli 11 names it.'),
      meaning: z.string(),
      next: z.string(),
    }),
  ]),
  'config show': z.strictObject({
    path: z.string(),
    exists: z.boolean(),
    settings: z.array(z.strictObject({ key: z.string(), value, origin })),
  }),
  'config get': z.strictObject({ key: z.string(), value, origin }),
  'config set': z.strictObject({ key: z.string(), value, path: z.string() }),
  'config unset': z.strictObject({ key: z.string(), existed: z.boolean(), path: z.string() }),
  'config path': z.strictObject({ path: z.string(), exists: z.boolean() }),
  init: z.strictObject({
    path: z.string(),
    settings: z.record(z.string(), value),
    unused: z.array(z.string()).describe('Variables of miner.env that have no meaning here.'),
  }),
};

/** The object every failing command prints with --json. */
export const failureResult = z.strictObject({
  error: z.strictObject({
    code: entry.code,
    message: z.string(),
    next: z.string(),
    who: entry.who,
    exit: entry.exit,
    details: z.record(z.string(), z.unknown()),
  }),
});
