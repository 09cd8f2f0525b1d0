import { type Alpha, alpha, type Rao, rao } from '../../amount/index.ts';
import { asBigInt, asBoolean, asFixed, asList, asNumber, asString, asUtf8, fieldOf } from '../plain.ts';
import type { BlockId, Chain, Plain, Reads } from '../types.ts';
import { type AxonInfo, announced, axonInfo } from './axon.ts';

/** One neuron, as its UID stands now. */
export interface Neuron {
  readonly uid: number;
  readonly hotkey: string;
  readonly coldkey: string;
  /** A name that the coldkey has given itself on chain. */
  readonly name: string | undefined;
  readonly registeredAt: number;
  /** Share of the miners' pay in the last epoch, 0 to 1. */
  readonly incentive: number;
  /** Share of the validators' pay, 0 to 1. */
  readonly dividends: number;
  readonly consensus: number;
  /** What the last epoch brought it. */
  readonly emission: Alpha;
  /** Stake as the consensus counts it: alpha with its children's, and TAO by its weight. */
  readonly stake: Rao;
  readonly alphaStake: Alpha;
  readonly taoStake: Rao;
  readonly validatorPermit: boolean;
  readonly active: boolean;
  /** Block at which it last set weights; its registration when it never did. */
  readonly lastUpdate: number;
  readonly axon: AxonInfo | undefined;
}

export interface Metagraph {
  readonly netuid: number;
  readonly name: string;
  readonly symbol: string;
  readonly block: number;
  readonly tempo: number;
  readonly maxUids: number;
  readonly immunityPeriod: number;
  readonly registrationAllowed: boolean;
  readonly burn: Rao;
  readonly ownerHotkey: string;
  readonly ownerColdkey: string;
  /** Moving price, TAO per alpha. */
  readonly movingPrice: number;
  readonly neurons: readonly Neuron[];
}

/**
 * All neurons of a subnet in one call (SubnetInfoRuntimeApi.get_metagraph).
 * @returns undefined when there is no such subnet
 * @throws ERR_CHAIN_SHAPE, and what `Reads` throws
 */
export async function readMetagraph(reads: Reads, netuid: number): Promise<Metagraph | undefined> {
  const value = await reads.runtimeApi('SubnetInfoRuntimeApi', 'get_metagraph', [netuid]);
  return value === undefined ? undefined : metagraph(value);
}

/** A metagraph with the block it is of, for reading the rest of the story at the same one. */
export interface MetagraphAt {
  readonly graph: Metagraph;
  readonly block: BlockId;
}

/**
 * As `readMetagraph`, at most a block old: commands on this machine that want it at the same time ask the endpoint once.
 * For what is shown; nothing that is about to be paid is decided by it.
 */
export async function sharedMetagraph(chain: Chain, netuid: number): Promise<MetagraphAt | undefined> {
  const { value, block } = await chain.shared(`metagraph ${netuid}`, chain.blockMs, (reads) =>
    reads.runtimeApi('SubnetInfoRuntimeApi', 'get_metagraph', [netuid]),
  );
  return value === undefined ? undefined : { graph: metagraph(value), block };
}

/** The runtime's Metagraph struct in our words. */
function metagraph(value: Plain): Metagraph {
  const get = (name: string) => fieldOf(value, name, 'metagraph');
  const number = (name: string) => asNumber(get(name), `metagraph.${name}`);
  const list = (name: string) => asList(get(name) ?? [], `metagraph.${name}`);
  const lists = {
    coldkeys: list('coldkeys'),
    identities: list('identities'),
    axons: list('axons'),
    active: list('active'),
    validatorPermit: list('validator_permit'),
    lastUpdate: list('last_update'),
    emission: list('emission'),
    dividends: list('dividends'),
    incentives: list('incentives'),
    consensus: list('consensus'),
    registered: list('block_at_registration'),
    alphaStake: list('alpha_stake'),
    taoStake: list('tao_stake'),
    totalStake: list('total_stake'),
  };
  return {
    netuid: number('netuid'),
    name: asUtf8(get('name'), 'metagraph.name'),
    symbol: asUtf8(get('symbol'), 'metagraph.symbol'),
    block: number('block'),
    tempo: number('tempo'),
    maxUids: number('max_uids'),
    immunityPeriod: number('immunity_period'),
    registrationAllowed: asBoolean(get('registration_allowed'), 'metagraph.registration_allowed'),
    burn: rao(asBigInt(get('burn'), 'metagraph.burn')),
    ownerHotkey: asString(get('owner_hotkey'), 'metagraph.owner_hotkey'),
    ownerColdkey: asString(get('owner_coldkey'), 'metagraph.owner_coldkey'),
    movingPrice: asFixed(get('moving_price'), 32, 'metagraph.moving_price'),
    neurons: list('hotkeys').map((hotkey, uid): Neuron => {
      const at = (values: readonly Plain[], otherwise: Plain) => values[uid] ?? otherwise;
      const share = (values: readonly Plain[]) => asNumber(at(values, 0), 'metagraph share') / 65_535;
      const axon = at(lists.axons, undefined);
      return {
        uid,
        hotkey: asString(hotkey, 'metagraph.hotkeys'),
        coldkey: asString(at(lists.coldkeys, ''), 'metagraph.coldkeys'),
        name: identityName(at(lists.identities, undefined)),
        registeredAt: asNumber(at(lists.registered, 0), 'metagraph.block_at_registration'),
        incentive: share(lists.incentives),
        dividends: share(lists.dividends),
        consensus: share(lists.consensus),
        emission: alpha(asBigInt(at(lists.emission, 0n), 'metagraph.emission')),
        stake: rao(asBigInt(at(lists.totalStake, 0n), 'metagraph.total_stake')),
        alphaStake: alpha(asBigInt(at(lists.alphaStake, 0n), 'metagraph.alpha_stake')),
        taoStake: rao(asBigInt(at(lists.taoStake, 0n), 'metagraph.tao_stake')),
        validatorPermit: asBoolean(at(lists.validatorPermit, false), 'metagraph.validator_permit'),
        active: asBoolean(at(lists.active, false), 'metagraph.active'),
        lastUpdate: asNumber(at(lists.lastUpdate, 0), 'metagraph.last_update'),
        axon: axon === undefined ? undefined : announced(axonInfo(axon)),
      };
    }),
  };
}

function identityName(identity: Plain): string | undefined {
  if (identity === undefined) return undefined;
  const name = fieldOf(identity, 'name', 'identity');
  return name === undefined ? undefined : asUtf8(name, 'identity.name') || undefined;
}
