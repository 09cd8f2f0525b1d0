import { z } from 'zod';

const at = z.number().describe('Unix time, milliseconds.');
const ms = z.number().nonnegative().nullable();
const hotkey = z.string().describe('SS58 address.');

const bundle = z.strictObject({
  name: z.string(),
  version: z.string(),
  demo: z.boolean(),
  sha256: z.string(),
});
const engine = z.strictObject({
  name: z.string(),
  device: z.string(),
  precision: z.string(),
  variant: z.string().describe('Which of the bundle’s models runs, as `bundle variants` names it.'),
  chosen: z.string().describe('Why that one.'),
  processes: z.int(),
  threads: z.int(),
  inferMs: z.number(),
});

const listening = z.strictObject({
  event: z.literal('listening'),
  at,
  version: z.string(),
  pid: z.int(),
  profile: z.string(),
  network: z.string().describe('"offline", or the name or URL of the chain.'),
  netuid: z.int(),
  axons: z.array(
    z.strictObject({
      name: z.string(),
      hotkey,
      profile: z.string().describe('Which profile answers for it.'),
      host: z.string(),
      port: z.int(),
      uid: z.int().nullable().describe('null: it has none, or the chain was not asked.'),
      announced: z
        .string()
        .nullable()
        .describe('Address and port that the chain has when it starts; null: none, or it was not asked.'),
    }),
  ),
  routes: z.array(z.string()),
  btauthRoute: z.string().nullable(),
  callers: z.string(),
  bundle,
  engine,
  groups: z
    .array(
      z.strictObject({
        profile: z.string(),
        hotkeys: z.array(z.string()).describe('Names of those that answer with it.'),
        bundle,
        engine,
        answerWithinS: z.number(),
        concurrency: z.int().describe('Pictures that are computed at the same time.'),
      }),
    )
    .describe('What answers for whom; profile, bundle, engine and limits above are those of the first.'),
  limits: z.strictObject({
    bodyMib: z.number(),
    connections: z.int(),
    connectionsPerAddress: z.int(),
    answerWithinS: z.number(),
    concurrency: z.int(),
  }),
  metrics: z.strictObject({ host: z.string(), port: z.int() }).nullable(),
  store: z.string().nullable(),
  warnings: z.array(z.string()),
});

const challenge = z.strictObject({
  event: z.literal('challenge'),
  at,
  miner: hotkey,
  name: z.string().describe('Name of that hotkey in the wallet.'),
  validator: hotkey,
  protocol: z.enum(['axon', 'btauth']),
  route: z.string(),
  address: z.string(),
  prediction: z.number().min(0).max(1).nullable(),
  source: z.enum(['model', 'cache', 'shared', 'prior']).nullable(),
  reason: z.string().nullable().describe('Why the prior was answered, or nothing.'),
  model: z.strictObject({ name: z.string(), version: z.string() }).nullable().describe('Whose answer it is.'),
  image: z.strictObject({
    sha256: z.string().nullable(),
    bytes: z.int(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    format: z.string().nullable(),
  }),
  times: z.strictObject({
    verifyMs: ms,
    bodyMs: ms,
    queueMs: ms,
    decodeMs: ms,
    inferMs: ms,
    totalMs: z.number().nonnegative(),
  }),
});

const refused = z.strictObject({
  event: z.literal('refused'),
  at,
  miner: hotkey,
  name: z.string().describe('Name of that hotkey in the wallet.'),
  reason: z.string(),
  count: z.int().positive().describe('How many since the last such line.'),
  example: z.strictObject({
    address: z.string(),
    route: z.string(),
    claimedHotkey: z.string().nullable().describe('Not proved.'),
    message: z.string(),
  }),
});

const note = z.strictObject({
  event: z.literal('note'),
  at,
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
});

const stopped = z.strictObject({
  event: z.literal('stopped'),
  at,
  why: z.string(),
  forced: z.boolean(),
  answered: z.int(),
  failed: z.int(),
  refused: z.int(),
  uptimeS: z.number(),
});

export const serveResults = {
  serve: z
    .discriminatedUnion('event', [listening, challenge, refused, note, stopped])
    .describe('One line of the output: `listening` comes first, `stopped` last.'),
};
