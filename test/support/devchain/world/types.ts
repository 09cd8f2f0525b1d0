import type { ChainState, Hex, Plain } from '../model.ts';
import type { SubnetParams } from './params.ts';

/** A UID's row; its UID is its place in `Subnet.neurons`. Shares are parts of 65535. */
export interface Neuron {
  hotkey: Hex;
  /** Block of its registration. */
  registeredAt: number;
  /** Alpha-rao of the last epoch. */
  emission: bigint;
  incentive: number;
  dividends: number;
  consensus: number;
  validatorTrust: number;
  validatorPermit: boolean;
  lastUpdate: number;
  /** UID and weight, as the validator set them. */
  weights: [uid: number, weight: number][];
}

/** A type, not an interface: only that is a `Plain` without being copied. */
type Axon = {
  block: number;
  version: number;
  /** Big-endian integer of the address. */
  ip: bigint;
  port: number;
  ip_type: number;
  protocol: number;
  placeholder1: number;
  placeholder2: number;
};

type Prometheus = {
  block: number;
  version: number;
  ip: bigint;
  port: number;
  ip_type: number;
};

export interface Commitment {
  block: number;
  /** `{ fields: […] }` as decoded. */
  info: Plain;
}

/** What one stake position has locked as registration collateral. Alpha-rao. */
interface Collateral {
  hotkey: Hex;
  coldkey: Hex;
  locked: bigint;
  minLocked: bigint;
  earned: bigint;
  /** U64F64 bits, as of the last registration. */
  drainRatio: bigint;
}

interface SubnetIdentity {
  subnet_name: string;
  github_repo: string;
  subnet_contact: string;
  subnet_url: string;
  discord: string;
  description: string;
  logo_url: string;
  additional: string;
}

export interface Subnet {
  netuid: number;
  name: string;
  symbol: string;
  identity: SubnetIdentity | undefined;
  /** The owner's coldkey. */
  owner: Hex;
  ownerHotkey: Hex;
  registeredAt: number;
  params: SubnetParams;
  /** Registration price, rao. */
  burn: bigint;
  difficulty: bigint;
  registrationsThisBlock: number;
  registrationsThisInterval: number;
  /** By UID. */
  neurons: Neuron[];
  /** By hotkey. */
  axons: Map<Hex, Axon>;
  prometheus: Map<Hex, Prometheus>;
  /** `{ public_key, algorithm }` by hotkey. */
  certificates: Map<Hex, { public_key: Hex; algorithm: number }>;
  commitments: Map<Hex, Commitment>;
  usedSpace: Map<Hex, { lastEpoch: bigint; usedSpace: bigint }>;
  /** By `positionKey(hotkey, coldkey)`. */
  collateral: Map<string, Collateral>;
  /** Reserves of the constant-product pool, rao and alpha-rao. */
  taoIn: bigint;
  alphaIn: bigint;
  /** Alpha outside the pool. */
  alphaOut: bigint;
  volume: bigint;
  /** TAO per alpha, I96F32 bits. */
  movingPrice: bigint;
  /** Share of the miners' incentive withheld at the last epoch, U96F32 bits (2^32 is all). */
  minerBurned: bigint;
  lastEpochBlock: number;
  epochIndex: number;
  firstEmissionBlock: number | undefined;
  /** Alpha-rao since the last epoch. */
  pendingServer: bigint;
  pendingValidator: bigint;
  pendingOwner: bigint;
  raoRecycled: bigint;
}

export interface Stake {
  hotkey: Hex;
  coldkey: Hex;
  netuid: number;
  /** Alpha-rao; TAO rao on the root network. */
  amount: bigint;
}

export interface ProxyGrant {
  delegate: Hex;
  /** A name of the runtime's ProxyType. */
  type: string;
  delay: number;
}

/** All of the model's state; plain data throughout, so a block's state is a structuredClone of it. */
export interface World extends ChainState {
  subnets: Map<number, Subnet>;
  /** Hotkey → coldkey. */
  owners: Map<Hex, Hex>;
  /** By `stakeKey(hotkey, coldkey, netuid)`; only positions that are not empty. */
  stakes: Map<string, Stake>;
  /** `coldkey/netuid` → hotkey. */
  autoStake: Map<string, Hex>;
  proxies: Map<Hex, { grants: ProxyGrant[]; deposit: bigint }>;
  /** `real/delegate` pairs with consent to pay the delegate's fees. */
  realPaysFee: Set<string>;
  /** Hotkey → work_block of its last proof of work. */
  lastPow: Map<Hex, number>;
  /** Coldkeys that announced a swap: block and hash of the new coldkey. */
  coldkeySwaps: Map<Hex, { when: number; hash: Hex }>;
  delegateTake: Map<Hex, number>;
  identities: Map<Hex, { name: string; url: string; description: string }>;
  /** 2^64 is 1. */
  taoWeight: bigint;
  stakeThreshold: bigint;
  existentialDeposit: bigint;
  networkImmunityPeriod: number;
  networkMinLockCost: bigint;
  networkLastLockCost: bigint;
  networkLastLockBlock: number;
  networkLockReductionInterval: bigint;
  commitmentMaxSpace: number;
  /** Who may use Sudo. */
  sudoKey: Hex | undefined;
  /** rao */
  totalIssuance: bigint;
}
