import type { ChainEvent, Hex } from '../model.ts';
import { addStake, type Subnet, TAO, type World, weightedStakes } from '../world/index.ts';
import { settle } from './collateral.ts';

/** Alpha of a block that leaves the pool: 18 % to the owner, the rest halved between miners and validators. */
const PER_BLOCK = TAO;
const OWNER_SHARE = 11_796n;
const ONE = 65_535n;

/** A block's emission, kept until the epoch. */
export function accrue(subnet: Subnet): void {
  const { subtokenEnabled, subnetEmissionEnabled, ownerCutEnabled } = subnet.params;
  if (
    subnet.netuid === 0 ||
    !subtokenEnabled ||
    !subnetEmissionEnabled ||
    subnet.firstEmissionBlock === undefined
  )
    return;
  const owner = ownerCutEnabled ? (PER_BLOCK * OWNER_SHARE) / ONE : 0n;
  const rest = PER_BLOCK - owner;
  subnet.pendingOwner += owner;
  subnet.pendingServer += rest / 2n;
  subnet.pendingValidator += rest - rest / 2n;
}

/**
 * A deterministic stand-in for Yuma consensus: validators with a permit vote with their stake, incentive is the
 * stake-weighted mean of their weights, dividends follow stake. Paid as on the chain: the miners' part is staked to
 * the hotkey for its coldkey (or its auto-stake destination) and drains collateral; what falls to the owner's own
 * hotkeys is withheld, and the share of that is `MinerBurned`.
 */
export function runEpoch(world: World, subnet: Subnet): ChainEvent[] {
  const shares = vote(world, subnet);
  const server = subnet.pendingServer;
  const validator = subnet.pendingValidator;
  const paid = shares.incentive.map((share) => (server * share) / SCALE);
  const yielded = shares.dividends.map((share) => (validator * share) / SCALE);
  const most = (of: readonly bigint[]) => of.reduce((a, b) => (b > a ? b : a), 0n);
  const mostWeight = most(shares.incentive);
  let withheld = 0n;
  let total = 0n;
  const emissions: bigint[] = [];
  for (const [uid, neuron] of subnet.neurons.entries()) {
    const earned = paid[uid] ?? 0n;
    neuron.emission = earned + (yielded[uid] ?? 0n);
    neuron.incentive = inParts(shares.incentive[uid] ?? 0n, SCALE);
    neuron.dividends = inParts(shares.dividends[uid] ?? 0n, SCALE);
    neuron.consensus = mostWeight === 0n ? 0 : inParts(shares.incentive[uid] ?? 0n, mostWeight);
    neuron.validatorPermit = shares.permits[uid] ?? false;
    neuron.validatorTrust = neuron.validatorPermit && neuron.weights.length > 0 ? Number(ONE) : 0;
    total += earned;
    const coldkey = world.owners.get(neuron.hotkey);
    const withholds = coldkey === subnet.owner || neuron.hotkey === subnet.ownerHotkey;
    if (withholds) withheld += earned;
    else if (coldkey !== undefined) payMiner(world, subnet, neuron.hotkey, coldkey, earned);
    payValidator(world, subnet, neuron.hotkey, coldkey, yielded[uid] ?? 0n);
    emissions.push(earned);
  }
  const owner = subnet.pendingOwner;
  if (owner > 0n) addStake(world, subnet.ownerHotkey, subnet.owner, subnet.netuid, owner);
  subnet.alphaOut += server + validator + owner - withheld;
  subnet.minerBurned = total === 0n ? 0n : (withheld << 32n) / total;
  subnet.pendingServer = 0n;
  subnet.pendingValidator = 0n;
  subnet.pendingOwner = 0n;
  subnet.lastEpochBlock = world.blockNumber;
  subnet.epochIndex += 1;
  return [
    {
      pallet: 'SubtensorModule',
      name: 'IncentiveAlphaEmittedToMiners',
      data: [subnet.netuid, emissions],
    },
  ];
}

const SCALE = 1n << 48n;

/** A share in 65535ths, rounded to the nearest. */
function inParts(share: bigint, of: bigint): number {
  return Number((share * ONE + of / 2n) / of);
}

function vote(world: World, subnet: Subnet) {
  const stakes = weightedStakes(world, subnet).map(({ total }) => total);
  const permits = permitted(world, subnet, stakes);
  const incentive = new Array<bigint>(subnet.neurons.length).fill(0n);
  const voting = subnet.neurons.map(({ weights }, uid) =>
    permits[uid] && weights.length > 0 ? (stakes[uid] ?? 0n) : 0n,
  );
  const power = voting.reduce((a, b) => a + b, 0n);
  for (const [uid, { weights }] of subnet.neurons.entries()) {
    const own = voting[uid] ?? 0n;
    const sum = weights.reduce((a, [, weight]) => a + BigInt(weight), 0n);
    if (own === 0n || sum === 0n) continue;
    for (const [to, weight] of weights) {
      if (to < incentive.length)
        incentive[to] = (incentive[to] ?? 0n) + (SCALE * own * BigInt(weight)) / (power * sum);
    }
  }
  const dividends = voting.map((own) => (power === 0n ? 0n : (SCALE * own) / power));
  return { permits, incentive, dividends };
}

/** The highest stakes, as many as MaxAllowedValidators, at or above StakeThreshold; the owner's hotkey always. */
function permitted(world: World, subnet: Subnet, stakes: readonly bigint[]): boolean[] {
  const ranked = stakes
    .map((stake, uid) => ({ stake, uid }))
    .filter(({ stake }) => stake > 0n && stake >= world.stakeThreshold)
    .sort((a, b) => (a.stake === b.stake ? a.uid - b.uid : a.stake > b.stake ? -1 : 1))
    .slice(0, subnet.params.maxAllowedValidators);
  const chosen = new Set(ranked.map(({ uid }) => uid));
  return subnet.neurons.map(({ hotkey }, uid) => chosen.has(uid) || hotkey === subnet.ownerHotkey);
}

function payMiner(world: World, subnet: Subnet, hotkey: Hex, coldkey: Hex, earned: bigint): void {
  const captured = settle(world, subnet, hotkey, coldkey, earned);
  const rest = earned - captured;
  const destination = world.autoStake.get(`${coldkey}/${subnet.netuid}`) ?? hotkey;
  if (rest > 0n) addStake(world, destination, coldkey, subnet.netuid, rest);
}

function payValidator(
  world: World,
  subnet: Subnet,
  hotkey: Hex,
  coldkey: Hex | undefined,
  yielded: bigint,
): void {
  if (coldkey !== undefined && yielded > 0n) addStake(world, hotkey, coldkey, subnet.netuid, yielded);
}
