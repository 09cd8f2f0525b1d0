import { type Row, row } from './rows.ts';

const TOP_UP =
  'Send TAO to the coldkey: price, collateral, fee and existential deposit together, then run the command again.';
const CHECK_NETUID = 'Check --netuid; `sv72 subnet show` tells about the subnet.';
const WAIT_BLOCKS = 'Wait some blocks, then run the command again.';

/**
 * Names of the runtime's own errors, without their pallet: the same name means the same wherever it is raised. Indexes differ from
 * runtime to runtime and are looked up in its metadata.
 */
export const MODULE_ERRORS = {
  InsufficientTaoBalance: row(
    'insufficient_balance',
    'The free TAO of the account does not cover what the call takes.',
    TOP_UP,
  ),
  InsufficientBalance: row(
    'insufficient_balance',
    'The free balance of the account does not cover what the call takes.',
    TOP_UP,
  ),
  NotEnoughBalanceToStake: row(
    'insufficient_balance',
    'The coldkey’s free TAO does not cover the registration’s price (or the stake) and what must remain on the account.',
    TOP_UP,
  ),
  NotEnoughBalance: row('insufficient_balance', 'The account’s free balance is too small.', TOP_UP),
  InsufficientAlphaBalance: row(
    'insufficient_balance',
    'There is not enough alpha on that hotkey and subnet.',
    'See `sv72 stake list`: what is there, and which part of it is locked.',
  ),
  NotEnoughStake: row(
    'insufficient_balance',
    'There is less stake than the call needs.',
    'See `sv72 stake list`.',
  ),
  NotEnoughStakeToWithdraw: row(
    'insufficient_balance',
    'There is less stake than was to be taken out.',
    'See `sv72 stake list` and give a smaller amount.',
  ),
  StakeUnavailable: row(
    'insufficient_balance',
    'The amount is locked, as collateral of a registration or by a lock, and cannot be taken out.',
    'Take out at most what `sv72 stake list` calls available; collateral is released as the miner earns.',
  ),
  AmountTooLow: row(
    'invalid_argument',
    'The amount is below the chain’s minimum.',
    'Give a larger amount, or take out everything.',
  ),
  SlippageTooHigh: row(
    'insufficient_liquidity',
    'The trade (an unstake, or the purchase of collateral) would move the pool’s price further than the limit allows.',
    'Wait, give a smaller amount, or allow a wider limit.',
  ),
  InsufficientLiquidity: row(
    'insufficient_liquidity',
    'The subnet’s pool is too small for the trade.',
    'Give a smaller amount, or wait.',
  ),
  RegistrationPriceLimitExceeded: row(
    'limit_exceeded',
    'The registration’s price passed the ceiling before the block came; nothing was paid but the fee.',
    'Run the command again; raise --max-price only if the price is worth it, or use --wait-for-price.',
  ),
  SubNetRegistrationDisabled: row(
    'disabled',
    'This way of registering is switched off on the subnet; the one by price and the one by proof of work have a switch each.',
    'See `sv72 subnet show` for what is switched on.',
  ),
  RegistrationNotPermittedOnRootSubnet: row(
    'invalid_argument',
    'Nobody registers on subnet 0 in this way.',
    CHECK_NETUID,
  ),
  InvalidWorkBlock: row(
    'expired',
    'The proof of work is for a block that is too old, not there yet, or used before.',
    'Mine again on a fresh block: run the command again.',
  ),
  InvalidDifficulty: row(
    'expired',
    'The difficulty rose while the proof of work was being found, and it is no longer enough.',
    'Mine again: run the command again.',
  ),
  InvalidSeal: row(
    'internal',
    'The proof of work does not belong to this hotkey, coldkey, subnet and block.',
    'Run the command again; if it stays, report it as a bug of sv72.',
  ),
  TooManyRegistrationsThisBlock: row(
    'rate_limited',
    'Others took the block’s places for new neurons.',
    'Run the command again for the next block.',
  ),
  TooManyRegistrationsThisInterval: row(
    'rate_limited',
    'The interval’s places for new neurons are taken.',
    'Run the command again in the next interval.',
  ),
  HotKeyAlreadyRegisteredInSubNet: row(
    'already_exists',
    'The hotkey has a UID on this subnet already.',
    'Nothing to do: `sv72 status` shows it.',
  ),
  NoNeuronIdAvailable: row(
    'limit_exceeded',
    'The subnet is full and nobody can be pushed out now.',
    'Wait until a neuron’s immunity ends; `sv72 metagraph` shows when.',
  ),
  NonAssociatedColdKey: row(
    'not_authorized',
    'The hotkey belongs to another coldkey.',
    'Use another hotkey, or the coldkey that owns this one.',
  ),
  CannotUseSystemAccount: row(
    'not_authorized',
    'The hotkey’s address is an account of the chain itself.',
    'Use another hotkey.',
  ),
  HotKeyAccountNotExists: row(
    'not_found',
    'The chain does not know the hotkey: it was never registered and has no stake.',
    'Check the hotkey’s address and the network.',
  ),
  TooManyStakingHotkeys: row(
    'limit_exceeded',
    'The coldkey’s stake is spread over too many hotkeys.',
    'Use fewer hotkeys, or another coldkey.',
  ),
  ColdkeyCollateralPositionsFull: row(
    'limit_exceeded',
    'The coldkey holds collateral for as many hotkeys as the chain allows.',
    'Use fewer hotkeys, or another coldkey.',
  ),
  KeepStakeBlockedByCollateral: row(
    'policy_violation',
    'A hotkey with collateral cannot be swapped while its stake stays behind.',
    'Swap it without keeping the stake.',
  ),
  ColdkeyCollateralIncomplete: row(
    'policy_violation',
    'The coldkey cannot be swapped, because its collateral would not move as a whole.',
    'Bring the stake together on fewer hotkeys first.',
  ),
  ColdkeySwapTooHeavy: row(
    'limit_exceeded',
    'The coldkey has too much on it to be swapped in one block.',
    'Bring the stake together on fewer hotkeys first.',
  ),
  ColdkeySwapAnnounced: row(
    'policy_violation',
    'A swap of this coldkey is announced, and until it is done or cleared the key may do nothing else.',
    'Finish the swap, or clear its announcement.',
  ),
  ColdkeySwapDisputed: row(
    'policy_violation',
    'The swap of this coldkey is disputed, and the key is frozen.',
    'Have the dispute settled; until then use another coldkey.',
  ),
  HotKeyNotRegisteredInSubNet: row(
    'not_registered',
    'The hotkey has no UID on this subnet: it was never registered there, or was pushed out.',
    'Check --netuid and --hotkey, then register again (`sv72 register`).',
  ),
  HotKeyNotRegisteredInNetwork: row(
    'not_registered',
    'The hotkey has no UID: it was never registered there, or was pushed out.',
    'Check --netuid and --hotkey, then register again (`sv72 register`).',
  ),
  ServingRateLimitExceeded: row(
    'rate_limited',
    'The axon was announced too short a time ago to be announced again.',
    'Wait for the subnet’s serving rate limit (50 blocks, ten minutes, by default).',
  ),
  InvalidIpType: row(
    'invalid_argument',
    'The address to announce is of a kind that the chain does not know.',
    'Give an IPv4 or IPv6 address.',
  ),
  InvalidIpAddress: row(
    'invalid_argument',
    'The chain does not take the address to announce.',
    'Give the public address at which validators reach this miner (--external-ip).',
  ),
  InvalidPort: row(
    'invalid_argument',
    'The port to announce is 0.',
    'Give the port at which validators reach this miner (--external-port).',
  ),
  SubnetNotExists: row('subnet_not_exists', 'There is no subnet of that number on this chain.', CHECK_NETUID),
  SubNetworkDoesNotExist: row(
    'subnet_not_exists',
    'There is no subnet of that number on this chain.',
    CHECK_NETUID,
  ),
  MechanismDoesNotExist: row(
    'subnet_not_exists',
    'The subnet has no mechanism of that number.',
    CHECK_NETUID,
  ),
  WaitingForDissolvedSubnetCleanup: row(
    'too_early',
    'The subnet that had this number before is still being removed.',
    WAIT_BLOCKS,
  ),
  SubtokenDisabled: row(
    'subtoken_disabled',
    'The subnet has not been started, so nothing can be staked there.',
    'Wait until its owner starts it.',
  ),
  StartCallNotReady: row('too_early', 'The subnet is too young to be started.', WAIT_BLOCKS),
  TransferDisallowed: row(
    'disabled',
    'The subnet’s owner does not allow stake to be transferred.',
    'Take the stake out instead of transferring it.',
  ),
  RootStakeLocked: row(
    'too_early',
    'Stake on the root subnet is held for some time after it was put there.',
    WAIT_BLOCKS,
  ),
  TxRateLimitExceeded: row('rate_limited', 'This key made such a call too short a time ago.', WAIT_BLOCKS),
  StakingRateLimitExceeded: row(
    'rate_limited',
    'Stake of this hotkey was changed in this block or too short a time ago.',
    WAIT_BLOCKS,
  ),
  StakingOperationRateLimitExceeded: row(
    'rate_limited',
    'Stake of this hotkey was changed in this block or too short a time ago.',
    WAIT_BLOCKS,
  ),
  HotKeySwapOnSubnetIntervalNotPassed: row(
    'rate_limited',
    'A hotkey of this coldkey was swapped on this subnet less than 7200 blocks (a day) ago.',
    'Wait until a day has passed since then.',
  ),
  AccountNotAllowedCommit: row(
    'not_registered',
    'Only a hotkey with a UID on the subnet may publish a commitment.',
    'Register the hotkey first (`sv72 register`).',
  ),
  SpaceLimitExceeded: row(
    'limit_exceeded',
    'The hotkey has published as many bytes in this epoch as the chain allows.',
    'Wait for the next epoch; `sv72 subnet show` tells when.',
  ),
  TooManyFieldsInCommitmentInfo: row(
    'limit_exceeded',
    'A commitment has at most three fields.',
    'Publish less.',
  ),
  CommitPayloadTooLarge: row('limit_exceeded', 'The commitment is too large.', 'Publish something shorter.'),
  CommitQueueFull: row('limit_exceeded', 'Too many commitments wait already.', WAIT_BLOCKS),
  TimelockRevealFailedNotAllowed: row(
    'invalid_argument',
    'The chain itself writes this state of a commitment; nobody else may.',
    'Publish another kind of commitment.',
  ),
  NotProxy: row(
    'not_authorized',
    'The key that signed is no proxy of that account, or not of the kind that the call needs.',
    'On a trusted machine, add it as a proxy of kind Registration; `sv72 register --help` shows how.',
  ),
  Unproxyable: row(
    'policy_violation',
    'This call cannot be made through a proxy.',
    'Sign it with the account itself.',
  ),
  Unannounced: row(
    'too_early',
    'This proxy has a delay: the call must be announced first.',
    'Announce it, or use a proxy without delay.',
  ),
  NoPermission: row(
    'not_authorized',
    'The proxy may not make this call.',
    'Use a proxy of a kind that allows it.',
  ),
  CallFiltered: row(
    'not_authorized',
    'The chain does not allow this call here; through a proxy, because its kind does not include the call.',
    'Use a proxy of a kind that allows it, or sign with the account itself.',
  ),
  ExistentialDeposit: row(
    'insufficient_balance',
    'The receiving account would hold less than the existential deposit (500 rao) and cannot come to be.',
    'Send a larger amount.',
  ),
  Expendability: row(
    'insufficient_balance',
    'The account would be left with less than the existential deposit (500 rao), and with that it would be removed.',
    'Leave at least 500 rao and the fee on the account, or send everything.',
  ),
  LiquidityRestrictions: row(
    'insufficient_balance',
    'Part of the balance is locked or reserved.',
    'See `sv72 balance` for what is free.',
  ),
} as const satisfies Readonly<Record<string, Row>>;
