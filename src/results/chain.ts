import { z } from 'zod';
import { amount, hex, included, ss58 } from './amount.ts';

const where = {
  network: z.string(),
  netuid: z.int(),
  block: z.int(),
};

const past = z
  .strictObject({ block: z.int(), time: z.string().nullable().describe('ISO 8601, UTC.') })
  .nullable();

const paying = {
  verdict: z.enum(['pays', 'nobody', 'unknown']),
  share: z
    .number()
    .nullable()
    .describe('Part of the miners’ pay that reached others than the owner, 0 to 1.'),
  last_paid: z
    .strictObject({
      kind: z.enum(['now', 'stopped', 'not-since']),
      paid: past,
      unpaid: past,
      since: past,
    })
    .nullable()
    .describe('null when unknown.'),
  reasons: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['good', 'bad', 'warning', 'unknown']),
      text: z.string(),
    }),
  ),
};

const axon = z
  .strictObject({
    address: z.string(),
    ip: z.string().nullable(),
    port: z.int(),
    block: z.int(),
    version: z.int(),
  })
  .nullable();

const neuron = z.strictObject({
  uid: z.int(),
  hotkey: ss58,
  coldkey: ss58,
  name: z.string().nullable(),
  role: z.enum(['miner', 'validator', 'owner']),
  incentive: z.number(),
  dividends: z.number(),
  consensus: z.number(),
  emission: amount,
  stake: amount,
  alpha_stake: amount,
  tao_stake: amount,
  validator_permit: z.boolean(),
  active: z.boolean(),
  last_update: z.int(),
  registered_at: z.int(),
  immune_for: z.int().describe('Blocks.'),
  pruning_place: z.int().nullable().describe('1 is the next to be pushed out; null: out of reach.'),
  axon,
});

const stakePosition = {
  netuid: z.int(),
  hotkey: ss58,
  hotkey_name: z.string().nullable(),
  registered: z.boolean(),
  stake: amount,
  locked: amount,
  available: amount,
  emission: amount,
  price: amount.describe('TAO for one alpha.'),
  value: amount.describe('TAO at the price now, slippage left out.'),
};

const modelAge = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    made_at: z.string().nullable(),
    age_days: z.number().nullable(),
  })
  .nullable();

export const chainResults = {
  paying: z.strictObject({ ...where, ...paying }),
  metagraph: z.strictObject({
    ...where,
    name: z.string(),
    symbol: z.string(),
    max_uids: z.int(),
    neurons: z.array(neuron),
  }),
  'subnet show': z.strictObject({
    ...where,
    name: z.string().nullable(),
    symbol: z.string().nullable(),
    owner_coldkey: ss58,
    owner_hotkey: ss58,
    registered_at: z.int(),
    uids: z.int(),
    max_uids: z.int(),
    tempo: z.int(),
    next_epoch: z.int().nullable(),
    registration_price: amount,
    alpha_price: amount,
    moving_price: z.number(),
    emission_enabled: z.boolean().nullable(),
    paying: z.strictObject(paying),
    hyperparameters: z.array(
      z.strictObject({
        name: z.string(),
        value: z.union([z.boolean(), z.number(), z.string()]).describe('Integers as digits; TAO in rao.'),
        text: z.string(),
        topic: z.string().nullable(),
        meaning: z.string().nullable(),
      }),
    ),
  }),
  balance: z.strictObject({
    network: z.string(),
    block: z.int(),
    accounts: z.array(
      z.strictObject({
        name: z.string().nullable(),
        ss58,
        free: amount,
        reserved: amount,
        spendable: amount.describe('What may be sent without closing the account.'),
        staked: amount.nullable().describe('Worth of its stake at the prices now; null when unknown.'),
      }),
    ),
  }),
  transfer: z.strictObject({
    network: z.string(),
    from: ss58,
    to: ss58,
    amount,
    fee: amount,
    remaining: amount,
    call: hex,
    included,
  }),
  'stake list': z.strictObject({
    network: z.string(),
    block: z.int(),
    coldkey: ss58,
    positions: z.array(z.strictObject(stakePosition)),
    total: amount,
  }),
  'stake remove': z.strictObject({
    network: z.string(),
    netuid: z.int(),
    hotkey: ss58,
    coldkey: ss58,
    alpha: amount,
    quote: amount.describe('TAO that it would bring now.'),
    slippage: z.number().describe('0 to 1, the market’s fee included.'),
    limit_price: amount.describe('TAO for one alpha, at least.'),
    partial: z.boolean(),
    fee: amount,
    sold: amount
      .nullable()
      .describe('Alpha that was really sold, less than asked for with --partial; null as for received.'),
    received: amount.nullable().describe('TAO that came in; null after a dry run, or when no event tells.'),
    call: hex,
    included,
  }),
  commit: z.strictObject({
    network: z.string(),
    netuid: z.int(),
    hotkey: ss58,
    text: z.string(),
    bytes: z.int(),
    space_left: z.int().nullable().describe('Bytes left in this epoch, before this commitment.'),
    unchanged: z.boolean().describe('It was committed already, so nothing was sent.'),
    fee: amount,
    call: hex.nullable(),
    included,
  }),
  'commit show': z.strictObject({
    ...where,
    space: z.strictObject({ limit: z.int(), used: z.int(), left: z.int() }).nullable(),
    commitments: z.array(
      z.strictObject({
        hotkey: ss58,
        text: z.string().nullable(),
        kinds: z.array(z.string()),
        block: z.int(),
      }),
    ),
  }),
  status: z.strictObject({
    ...where,
    paying: z.strictObject(paying),
    next_epoch: z.int().nullable(),
    blocks_to_epoch: z.int().nullable(),
    alpha_price: amount,
    model: modelAge.describe('Of the first of the hotkeys.'),
    hotkeys: z.array(
      z.strictObject({
        wallet: z.string(),
        name: z.string(),
        ss58: ss58.nullable(),
        uid: z.int().nullable(),
        registered_at: z.int().nullable(),
        immune_for: z.int().nullable(),
        owner_protected: z.boolean().nullable(),
        pruning_place: z.int().nullable(),
        registrations_until_out: z.int().nullable(),
        incentive: z.number().nullable(),
        emission: amount.nullable().describe('Of the last epoch.'),
        alpha_per_day: amount.nullable(),
        tao_per_day: amount.nullable(),
        stake: amount.nullable(),
        collateral: amount.nullable(),
        axon,
        profile: z
          .string()
          .nullable()
          .describe('What answers for it by the settings; null: they say nothing of it.'),
        model: modelAge.describe('Of that profile, or its own.'),
        expected_axon: z.string().nullable().describe('What this machine’s settings would announce.'),
        axon_matches: z.boolean().nullable(),
        challenges_24h: z.int().nullable().describe('null: no store on this machine.'),
        answered_24h: z.int().nullable(),
        last_challenge_at: z.string().nullable(),
      }),
    ),
  }),
};
