import { type Row, row } from './rows.ts';

/**
 * `Custom error: N` of the pool, by number (subtensor's CustomTransactionError, which is never renumbered), as the chain's names.
 * 16, 17 and 19 are called otherwise by older tools.
 */
export const CUSTOM_NAMES: Readonly<Record<number, string>> = {
  0: 'ColdkeySwapAnnounced',
  1: 'AmountTooLow',
  2: 'BalanceTooLow',
  3: 'SubnetNotExists',
  4: 'HotKeyAccountNotExists',
  5: 'NotEnoughStakeToWithdraw',
  6: 'TxRateLimitExceeded',
  7: 'InsufficientLiquidity',
  8: 'SlippageTooHigh',
  9: 'TransferDisallowed',
  10: 'HotKeyNotRegisteredInNetwork',
  11: 'InvalidIpAddress',
  12: 'ServingRateLimitExceeded',
  13: 'InvalidPort',
  14: 'ZeroMaxAmount',
  15: 'InvalidRevealRound',
  16: 'NoWeightsCommitFound',
  17: 'RevealTooEarly',
  18: 'InputLengthsUnequal',
  19: 'HotKeyNotRegisteredInSubNet',
  20: 'EvmKeyAssociateRateLimitExceeded',
  21: 'ColdkeySwapDisputed',
  22: 'InvalidRealAccount',
  23: 'FailedShieldedTxParsing',
  24: 'InvalidShieldedTxPubKeyHash',
  25: 'NonAssociatedColdKey',
  26: 'DelegateTakeTooLow',
  27: 'DelegateTakeTooHigh',
  255: 'BadRequest',
};

const AGAIN = 'Run the command again.';

/** Names that only the pool has: its custom numbers, and Substrate's own validity. */
export const POOL_ERRORS = {
  BalanceTooLow: row(
    'insufficient_balance',
    'The account’s free TAO does not cover the call.',
    'Send TAO to the account, or give a smaller amount.',
  ),
  ZeroMaxAmount: row(
    'invalid_argument',
    'At this price limit nothing at all could be traded.',
    'Allow a wider limit.',
  ),
  InvalidRevealRound: row('invalid_argument', 'The round to reveal at has passed.', 'Choose a later round.'),
  NoWeightsCommitFound: row('not_found', 'There are no committed weights to reveal.', 'Commit them first.'),
  RevealTooEarly: row(
    'too_early',
    'The committed weights cannot be revealed in this block.',
    'Wait for their epoch.',
  ),
  InputLengthsUnequal: row(
    'invalid_argument',
    'Lists that belong together have different lengths.',
    'Check the lists that were given.',
  ),
  UidNotFound: row('not_registered', 'There is no such UID on the subnet.', 'Check --netuid and --hotkey.'),
  EvmKeyAssociateRateLimitExceeded: row(
    'rate_limited',
    'An EVM key was associated too short a time ago.',
    'Wait some blocks.',
  ),
  InvalidRealAccount: row(
    'not_authorized',
    'The account that the proxy acts for is not the one the call needs.',
    'Check the address given with --proxy.',
  ),
  FailedShieldedTxParsing: row(
    'internal',
    'The shielded transaction could not be read.',
    'Send it without the shield.',
  ),
  InvalidShieldedTxPubKeyHash: row('expired', 'The shield’s key has changed.', AGAIN),
  DelegateTakeTooLow: row('invalid_argument', 'The take is below the minimum.', 'Give a higher take.'),
  DelegateTakeTooHigh: row('invalid_argument', 'The take is above the maximum.', 'Give a lower take.'),
  BadRequest: row(
    'invalid_argument',
    'The chain does not take the call as it is; of an axon: the kind of its address is wrong.',
    'Check the values of the call; an address must be IPv4 or IPv6.',
  ),
  Payment: row(
    'insufficient_balance',
    'The account that signs cannot pay the fee.',
    'Send some TAO to the account that signs; with --proxy that is the proxy’s key.',
  ),
  Stale: row(
    'expired',
    'The transaction’s number (nonce) was used already, by this key’s last transaction or by one sent from elsewhere.',
    'Run the command again; it looks first whether the earlier transaction happened.',
  ),
  Future: row(
    'too_early',
    'An earlier transaction of this key is missing, and this one waits for it.',
    'Wait until the earlier one is in a block, then run the command again.',
  ),
  BadProof: row(
    'internal',
    'The signature does not fit: the chain’s runtime changed meanwhile, its history was reorganised, or the key is another one.',
    AGAIN,
  ),
  BadSigner: row('not_authorized', 'The signing account may not send this.', 'Check which key signs.'),
  AncientBirthBlock: row('expired', 'The transaction’s time was over before it reached the node.', AGAIN),
  ExhaustsResources: row('limit_exceeded', 'The block is full.', 'Run the command again for the next block.'),
  Call: row(
    'policy_violation',
    'The chain does not accept this call from this account.',
    'Check which key signs and what for.',
  ),
  CannotLookup: row(
    'not_found',
    'The chain cannot resolve the account that signs.',
    'Check the account and the network.',
  ),
  PriorityTooLow: row(
    'already_exists',
    'Another transaction with the same number (nonce) waits in the pool and comes first.',
    'Wait until it is in a block, then run the command again.',
  ),
  TemporarilyBanned: row(
    'rate_limited',
    'The node refused the same transaction a moment ago and does not look at it again yet.',
    'Wait a minute, then run the command again.',
  ),
  AlreadyImported: row(
    'already_exists',
    'The node has this very transaction already.',
    'Nothing to do but wait for its block.',
  ),
  ImmediatelyDropped: row(
    'limit_exceeded',
    'The node’s pool of waiting transactions is full.',
    'Run the command again, or use another endpoint.',
  ),
} as const satisfies Readonly<Record<string, Row>>;

/** Substrate's sentences for its kinds of invalidity, as nodes write them, with the kind's name. */
export const SENTENCES: readonly (readonly [RegExp, keyof typeof POOL_ERRORS])[] = [
  [/inability to pay some fees/i, 'Payment'],
  [/transaction is outdated/i, 'Stale'],
  [/will be valid in the future/i, 'Future'],
  [/bad signature/i, 'BadProof'],
  [/ancient birth block/i, 'AncientBirthBlock'],
  [/exhaust the block limits/i, 'ExhaustsResources'],
  [/call is not expected/i, 'Call'],
  [/invalid signing address/i, 'BadSigner'],
  [/could not lookup/i, 'CannotLookup'],
  [/priority is too low|too low priority/i, 'PriorityTooLow'],
  [/temporarily banned/i, 'TemporarilyBanned'],
  [/already imported/i, 'AlreadyImported'],
  [/immediately dropped/i, 'ImmediatelyDropped'],
];
