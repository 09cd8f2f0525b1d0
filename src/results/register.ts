import { z } from 'zod';
import { hex, included, ss58, amount as tao } from './amount.ts';

const natixState = z.enum(['succeeded', 'failed', 'pending']);

const proxyChange = z.strictObject({
  network: z.string(),
  account: ss58.describe('The account that the proxy may act for.'),
  delegate: ss58,
  type: z.string(),
  delay: z.int(),
  deposit_before: tao,
  deposit_after: tao,
  fee: tao,
  call: hex,
  included,
});

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
        block_hash: hex.nullable(),
        extrinsic: hex.nullable(),
        extrinsic_index: z.int().nullable(),
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
        existential_deposit: tao.describe('What has to stay in the account.'),
        fee_by: z.enum(['coldkey', 'proxy']),
      })
      .nullable()
      .describe(
        'What the run was expected to take; null when nothing was to be done or nobody is known to pay.',
      ),
    pushed_out: z
      .array(
        z.strictObject({
          uid: z.int(),
          hotkey: ss58,
          coldkey: ss58.nullable(),
          own: z.boolean().describe('The coldkey that pays owns it too.'),
          immune: z.boolean(),
        }),
      )
      .nullable()
      .describe(
        'Whom the registrations were expected to push out, in that order; null when there was nothing to do.',
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
        checked: z
          .int()
          .describe(
            'Transactions that the node calls valid, each as if it came first; 0 unless all checked are.',
          ),
      })
      .nullable()
      .describe('With --dry-run: what the node says to the signed transaction.'),
    rehearsal: z
      .strictObject({
        block: z.int().describe('Block of the real chain on which the fork stood.'),
        block_hash: hex,
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
  'proxy list': z.strictObject({
    network: z.string(),
    account: ss58,
    deposit: tao.describe('What the account has reserved for its proxies.'),
    proxies: z.array(z.strictObject({ delegate: ss58, type: z.string(), delay: z.int() })),
  }),
  'proxy add': proxyChange,
  'proxy remove': proxyChange,
};
