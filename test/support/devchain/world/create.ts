import type { Hex } from '../model.ts';
import { defaultParams, type SubnetParams } from './params.ts';
import type { Neuron, Subnet, World } from './types.ts';

/** 1 TAO, or 1 alpha, in rao. */
export const TAO = 1_000_000_000n;

/** A chain without subnets and without money. */
export function createWorld(at: { blockNumber: number; timestamp: number }): World {
  return {
    ...at,
    accounts: new Map(),
    subnets: new Map(),
    owners: new Map(),
    stakes: new Map(),
    autoStake: new Map(),
    proxies: new Map(),
    realPaysFee: new Set(),
    lastPow: new Map(),
    coldkeySwaps: new Map(),
    delegateTake: new Map(),
    identities: new Map(),
    taoWeight: 3_320_413_933_267_719_290n,
    stakeThreshold: 0n,
    existentialDeposit: 500n,
    networkImmunityPeriod: 1_296_000,
    networkMinLockCost: 1_000n * TAO,
    networkLastLockCost: 1_000n * TAO,
    networkLastLockBlock: at.blockNumber,
    networkLockReductionInterval: 100_800n,
    commitmentMaxSpace: 3100,
    sudoKey: undefined,
    totalIssuance: 0n,
  };
}

export interface NewSubnet {
  netuid: number;
  name: string;
  symbol: string;
  owner: Hex;
  ownerHotkey: Hex;
  registeredAt: number;
  params?: Partial<SubnetParams>;
  burn?: bigint;
  taoIn?: bigint;
  alphaIn?: bigint;
}

/** Adds a subnet without neurons; the owner's hotkey is recorded but has no UID yet. */
export function addSubnet(world: World, given: NewSubnet): Subnet {
  const params = { ...defaultParams(), ...given.params };
  const taoIn = given.taoIn ?? 20_000n * TAO;
  const alphaIn = given.alphaIn ?? 2_000_000n * TAO;
  const subnet: Subnet = {
    netuid: given.netuid,
    name: given.name,
    symbol: given.symbol,
    identity: undefined,
    owner: given.owner,
    ownerHotkey: given.ownerHotkey,
    registeredAt: given.registeredAt,
    params,
    burn: given.burn ?? params.minBurn,
    difficulty: params.minDifficulty,
    registrationsThisBlock: 0,
    registrationsThisInterval: 0,
    neurons: [],
    axons: new Map(),
    prometheus: new Map(),
    certificates: new Map(),
    commitments: new Map(),
    usedSpace: new Map(),
    collateral: new Map(),
    taoIn,
    alphaIn,
    alphaOut: 0n,
    volume: 0n,
    movingPrice: alphaIn === 0n ? 0n : (taoIn << 32n) / alphaIn,
    minerBurned: 0n,
    lastEpochBlock: world.blockNumber,
    epochIndex: 0,
    firstEmissionBlock: given.registeredAt,
    pendingServer: 0n,
    pendingValidator: 0n,
    pendingOwner: 0n,
    raoRecycled: 0n,
  };
  world.subnets.set(given.netuid, subnet);
  world.owners.set(given.ownerHotkey, given.owner);
  return subnet;
}

export function newNeuron(hotkey: Hex, block: number): Neuron {
  return {
    hotkey,
    registeredAt: block,
    emission: 0n,
    incentive: 0,
    dividends: 0,
    consensus: 0,
    validatorTrust: 0,
    validatorPermit: false,
    lastUpdate: block,
    weights: [],
  };
}
