import { type Alpha, alpha, type Rao, rao } from '../../amount/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { asBigInt, asBoolean, asList, asNumber, asString, fieldOf } from '../plain.ts';
import type { ChainEvent, Plain, Reads } from '../types.ts';
import { readCollateral } from './price.ts';
import { readAlphaPrice } from './subnet.ts';

const STAKE = 'StakeInfoRuntimeApi';
const SWAP = 'SwapRuntimeApi';

/** What a coldkey has staked to one hotkey on one subnet. */
export interface StakePosition {
  readonly netuid: number;
  readonly hotkey: string;
  readonly coldkey: string;
  readonly stake: Alpha;
  /** Emission of the last epoch. */
  readonly emission: Alpha;
  /** Whether the hotkey has a UID on the subnet. */
  readonly registered: boolean;
}

/** All stake of a coldkey. */
export async function readStakes(reads: Reads, coldkey: string): Promise<StakePosition[]> {
  const value = await reads.runtimeApi(STAKE, 'get_stake_info_for_coldkey', [coldkey]);
  return asList(value ?? [], 'stakes').map(position);
}

/** The stake of one position, undefined when there is none. */
export async function readStake(
  reads: Reads,
  at: { readonly hotkey: string; readonly coldkey: string; readonly netuid: number },
): Promise<StakePosition | undefined> {
  const { hotkey, coldkey, netuid } = at;
  const value = await reads.runtimeApi(STAKE, 'get_stake_info_for_hotkey_coldkey_netuid', [
    hotkey,
    coldkey,
    netuid,
  ]);
  return value === undefined ? undefined : position(value);
}

function position(value: Plain): StakePosition {
  const get = (name: string) => fieldOf(value, name, 'stake');
  return {
    netuid: asNumber(get('netuid'), 'stake.netuid'),
    hotkey: asString(get('hotkey'), 'stake.hotkey'),
    coldkey: asString(get('coldkey'), 'stake.coldkey'),
    stake: alpha(asBigInt(get('stake'), 'stake.stake')),
    emission: alpha(asBigInt(get('emission') ?? 0n, 'stake.emission')),
    registered: asBoolean(get('is_registered') ?? false, 'stake.is_registered'),
  };
}

/** What of a position may be taken out: not what is locked as collateral, nor what the coldkey has locked on the subnet. */
export interface Availability {
  readonly stake: Alpha;
  readonly locked: Alpha;
  readonly available: Alpha;
}

/**
 * What may be taken out of a position (subtensor, subnets/collateral.rs: available_to_unstake_from_hotkey): its stake less
 * its collateral, and no more than the coldkey's unlocked alpha on the subnet.
 */
export async function readAvailability(reads: Reads, position: StakePosition): Promise<Availability> {
  const { netuid, hotkey, coldkey, stake } = position;
  const [collateral, unlocked] = await Promise.all([
    readCollateral(reads, netuid, hotkey, coldkey),
    readUnlocked(reads, coldkey, netuid),
  ]);
  const beyond = stake - (collateral?.locked ?? 0n);
  const own = beyond > 0n ? beyond : 0n;
  const available = unlocked !== undefined && unlocked < own ? unlocked : own;
  return { stake, locked: alpha(stake - available), available: alpha(available) };
}

/** Alpha of a coldkey on a subnet that no lock holds; undefined where this runtime has no locks. */
async function readUnlocked(reads: Reads, coldkey: string, netuid: number): Promise<bigint | undefined> {
  const method = 'get_stake_availability_for_coldkeys';
  if (!reads.has.runtimeApi(STAKE, method)) return undefined;
  const answer = asList(await reads.runtimeApi(STAKE, method, [[coldkey], [netuid]]), method);
  for (const pair of answer) {
    const [account, subnets] = asList(pair, method);
    if (account !== coldkey) continue;
    for (const entry of asList(subnets, method)) {
      const [subnet, amounts] = asList(entry, method);
      if (subnet === netuid) return asBigInt(fieldOf(amounts, 'available', method), method);
    }
  }
  return undefined;
}

/** What the market would give for some alpha now. */
export interface Quote {
  readonly alpha: Alpha;
  readonly tao: Rao;
  /** Kept by the market, in alpha. */
  readonly fee: Alpha;
  /** TAO per alpha now, in rao for one whole alpha. */
  readonly price: Rao;
  /** How much less than by the price now one gets for it, 0 to 1, the fee included. */
  readonly slippage: number;
}

/** What selling some alpha would bring now (SwapRuntimeApi.sim_swap_alpha_for_tao). */
export async function readQuote(reads: Reads, netuid: number, amount: Alpha): Promise<Quote> {
  const [price, answer] = await Promise.all([
    readAlphaPrice(reads, netuid),
    reads.runtimeApi(SWAP, 'sim_swap_alpha_for_tao', [netuid, amount]),
  ]);
  const tao = rao(asBigInt(fieldOf(answer, 'tao_amount', 'quote'), 'quote.tao_amount'));
  const fee = alpha(asBigInt(fieldOf(answer, 'alpha_fee', 'quote') ?? 0n, 'quote.alpha_fee'));
  const ideal = (amount * price) / 1_000_000_000n;
  const slippage = ideal > 0n ? Math.max(0, 1 - Number(tao) / Number(ideal)) : 0;
  return { alpha: amount, tao, fee, price, slippage };
}

/**
 * The lowest price that a sale may be made at, for a limit in per cent below the price now.
 * @throws ERR_USAGE when it is no percentage
 */
export function limitPrice(price: Rao, slippagePercent: number): Rao {
  if (!(slippagePercent >= 0 && slippagePercent < 100)) {
    throw new Sv72Error('ERR_USAGE', 'A slippage is a percentage from 0 to below 100.');
  }
  const keep = BigInt(Math.round((100 - slippagePercent) * 1_000_000));
  return rao((price * keep) / 100_000_000n);
}

/** What alpha is worth at a price, in rao. */
export function worth(amount: Alpha, price: Rao): Rao {
  return rao((amount * price) / 1_000_000_000n);
}

/** What all stake of a coldkey is worth at the prices now, slippage left out; undefined where the runtime does not tell. */
export async function readStakesWorth(reads: Reads, coldkey: string): Promise<Rao | undefined> {
  if (!reads.has.runtimeApi(STAKE, 'get_stake_info_for_coldkey')) return undefined;
  const positions = await readStakes(reads, coldkey);
  const prices = await readPrices(reads, positions);
  return rao(
    positions.reduce((sum, { netuid, stake }) => sum + worth(stake, prices.get(netuid) ?? rao(0n)), 0n),
  );
}

/** Prices of the subnets that the positions are on. */
export async function readPrices(
  reads: Reads,
  positions: readonly StakePosition[],
): Promise<ReadonlyMap<number, Rao>> {
  const netuids = [...new Set(positions.map(({ netuid }) => netuid))];
  const prices = await Promise.all(netuids.map((netuid) => readAlphaPrice(reads, netuid)));
  return new Map(netuids.map((netuid, index) => [netuid, prices[index] ?? rao(0n)]));
}

/** What a removal of stake took and brought, by its event StakeRemoved; undefined when no event tells. */
export function soldStake(
  events: readonly ChainEvent[],
  { hotkey, netuid }: { readonly hotkey: string; readonly netuid: number },
): { readonly alpha: Alpha; readonly tao: Rao } | undefined {
  // StakeRemoved(coldkey, hotkey, tao, alpha, netuid, fee), unnamed fields.
  const event = events.find(
    ({ pallet, name, fields }) =>
      pallet === 'SubtensorModule' &&
      name === 'StakeRemoved' &&
      fields['1'] === hotkey &&
      fields['4'] === netuid,
  );
  if (event === undefined) return undefined;
  const { 2: tao, 3: sold } = event.fields;
  return { alpha: alpha(asBigInt(sold, 'StakeRemoved')), tao: rao(asBigInt(tao, 'StakeRemoved')) };
}
