import { z } from 'zod';

const ss58 = z.string().regex(/^5[1-9A-HJ-NP-Za-km-z]{47}$/);
const hex = z.string().regex(/^0x([0-9a-f]{2})+$/);
const tao = z
  .strictObject({ rao: z.string().regex(/^-?\d+$/), text: z.string() })
  .describe('rao: exact count of 10^-9 TAO; text: for people.');

const natixState = z.enum(['succeeded', 'failed', 'pending']);

export const registerResults = {
  register: z.strictObject({
    outcome: z
      .enum(['registered', 'dry-run', 'rehearsed', 'printed'])
      .describe('registered: all hotkeys have a UID now; dry-run, rehearsed and printed: nothing was sent.'),
    network: z.string(),
    netuid: z.int(),
    way: z.enum(['burn', 'pow']),
    coldkey: ss58.nullable().describe('The account that pays and owns the hotkeys.'),
    signer: ss58.nullable(),
    ceiling: tao.nullable().describe('Most that one registration may cost; null with proof of work.'),
    hotkeys: z.array(
      z.strictObject({
        hotkey: ss58,
        name: z.string().nullable(),
        uid: z.int().nullable().describe('null while it is not registered.'),
        already: z.boolean().describe('It was registered before this run.'),
        block: z.int().nullable(),
        blockHash: hex.nullable(),
        extrinsic: hex.nullable(),
        extrinsicIndex: z.int().nullable(),
        charged: tao.nullable().describe('What the registration took, without the fee.'),
        fee: tao.nullable(),
      }),
    ),
    bill: z
      .strictObject({
        price: tao,
        burned: tao,
        locked: tao,
        charge: tao,
        fee: tao,
        total: tao,
        free: tao,
        remaining: tao,
        feeBy: z.enum(['coldkey', 'proxy']),
      })
      .nullable()
      .describe(
        'What the run was expected to take; null when nothing was to be done or nobody is known to pay.',
      ),
    paying: z
      .enum(['pays', 'nobody', 'unknown'])
      .nullable()
      .describe('Whether the subnet pays its miners; null when there was nothing to do.'),
    calls: z
      .array(z.strictObject({ hotkey: ss58, call: hex, human: z.string() }))
      .describe('With --print-call, --dry-run and --rehearse: the calls.'),
    check: z
      .strictObject({
        kind: z.enum(['valid', 'refused', 'not-made']),
        reason: z.string().nullable().describe('Why it would be refused, or why the check was not made.'),
      })
      .nullable()
      .describe('With --dry-run: what the node says to the signed transaction.'),
    rehearsal: z
      .strictObject({
        block: z.int().describe('Block of the real chain on which the fork stood.'),
        blockHash: hex,
        calls: z
          .array(
            z.strictObject({
              hotkey: ss58,
              uid: z.int().nullable(),
              fee: tao.nullable().describe('null when it was refused before it came into a block.'),
              failure: z
                .strictObject({
                  channel: z.enum(['pool', 'dispatch', 'inner']),
                  name: z.string().describe('The chain’s name of the failure.'),
                  meaning: z.string(),
                  next: z.string(),
                })
                .nullable(),
              events: z.array(z.string()),
            }),
          )
          .describe('In the order of calls; those after a failure were not tried.'),
        balances: z.array(z.strictObject({ address: ss58, before: tao, after: tao })),
      })
      .nullable()
      .describe('With --rehearse.'),
    natix: z
      .array(
        z.strictObject({
          hotkey: ss58,
          state: z.enum(['succeeded', 'failed', 'pending', 'unreachable']),
          detail: z.string().nullable(),
        }),
      )
      .nullable()
      .describe('With --natix.'),
  }),
  'natix register': z.strictObject({
    server: z.string(),
    hotkey: ss58,
    uid: z.int(),
    state: natixState,
    sent: z.boolean().describe('false when an earlier registration was taken up.'),
    detail: z.string().nullable(),
    error: z.string().nullable(),
  }),
  'natix status': z.strictObject({
    server: z.string(),
    uid: z.int(),
    hotkey: z.string().nullable().describe('Hotkey that the server knows the UID by.'),
    own: z.boolean().nullable().describe('Whether that is the hotkey asked for; null when unknown.'),
    state: z.enum(['succeeded', 'failed', 'pending', 'unregistered']),
    word: z.string().nullable().describe('The server’s own word.'),
    error: z.string().nullable(),
  }),
};
