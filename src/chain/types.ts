import type { Keypair } from '../wallet/index.ts';

/** 0x and lower-case hexadecimal digits, two a byte. */
export type Hex = `0x${string}`;

/**
 * What the chain's values are in JavaScript, decoded by its own metadata:
 * integers up to 32 bits are numbers, wider ones bigints; accounts are SS58 strings (prefix 42); byte lists and arrays of bytes
 * are hex; a struct is an object with the metadata's own field names (snake_case); a struct or tuple of one unnamed field is that field;
 * a tuple is an array; an absent Option is undefined; any other enum is `{ type, value }`, value undefined where the variant has no fields.
 */
export type Plain =
  | number
  | bigint
  | boolean
  | string
  | undefined
  | readonly Plain[]
  | { readonly [field: string]: Plain };

/** An enum's value. */
export interface Variant {
  readonly type: string;
  readonly value: Plain;
}

/**
 * What may be given where the chain wants a value: as Plain, but an account may also be hex or 32 bytes, bytes may be a Uint8Array,
 * a small integer may be a number or a bigint, a MultiAddress may be an SS58 string, a variant without fields may be its name,
 * and a call may be a composed `Call`.
 */
export type PlainInput =
  | number
  | bigint
  | boolean
  | string
  | undefined
  | Uint8Array
  | Call
  | readonly PlainInput[]
  | { readonly [field: string]: PlainInput };

export interface BlockId {
  readonly hash: Hex;
  readonly number: number;
}

export interface Head extends BlockId {
  readonly parent: Hex;
}

/** What a runtime has, by its metadata; names as there: `has.call('SubtensorModule', 'register_limit')`. */
export interface Features {
  pallet(pallet: string): boolean;
  call(pallet: string, call: string): boolean;
  /** Whether the call takes an argument of that name. */
  callArgument(pallet: string, call: string, argument: string): boolean;
  storage(pallet: string, item: string): boolean;
  constant(pallet: string, name: string): boolean;
  runtimeApi(api: string, method: string): boolean;
  error(pallet: string, name: string): boolean;
  event(pallet: string, name: string): boolean;
}

/**
 * Reads at one state. All throw ERR_CHAIN_MISSING when the runtime lacks the item (ask `has` first), ERR_CHAIN_TIMEOUT,
 * ERR_CHAIN_UNREACHABLE, ERR_CHAIN_RATE_LIMITED or ERR_CHAIN_RPC. Reads that start in the same tick share one request.
 */
export interface Reads {
  readonly has: Features;
  /** A storage item; where nothing is stored, the metadata's default, or undefined when the item is optional. */
  storage(pallet: string, item: string, ...keys: readonly PlainInput[]): Promise<Plain>;
  /** All entries of a map, or those under the first keys. Pages through; at most `mostEntries` (default 100,000). */
  entries(pallet: string, item: string, ...firstKeys: readonly PlainInput[]): Promise<readonly Entry[]>;
  /** Calls a method of a runtime API, `runtimeApi('SubnetInfoRuntimeApi', 'get_metagraph', [72])`. */
  runtimeApi(api: string, method: string, args?: readonly PlainInput[]): Promise<Plain>;
  /** A constant of the runtime. */
  constant(pallet: string, name: string): Plain;
}

export interface Entry {
  readonly keys: readonly Plain[];
  readonly value: Plain;
}

/** What the chain is. */
export interface ChainIdentity {
  /** The network as asked for: a name, or a URL. */
  readonly network: string;
  /** The public network that the genesis belongs to, whatever the endpoint is called. A local chain may carry finney's genesis. */
  readonly known: 'finney' | 'test' | undefined;
  readonly genesisHash: Hex;
  readonly specName: string;
  /** False only for a chain at a loopback address. */
  readonly live: boolean;
}

/** A connected chain. Reads are of the best block unless made through `at`. */
export interface Chain extends Reads {
  readonly identity: ChainIdentity;
  /** URL of the endpoint in use now; fail-over changes it. */
  readonly endpoint: string;
  /** Version of the runtime now; an upgrade changes it. */
  readonly spec: number;
  /** Milliseconds between blocks by the runtime's slot duration; 12000 where it does not say. */
  readonly blockMs: number;
  /** Existential deposit in rao. */
  readonly existentialDeposit: bigint;
  head(): Promise<Head>;
  finalizedHead(): Promise<Head>;
  /** The block's hash, undefined when there is none of that number yet. */
  blockHash(number: number): Promise<Hex | undefined>;
  /** Unix milliseconds of the best block (Timestamp.Now). */
  timestamp(): Promise<number>;
  /** The same reads at a block; consistent with each other. */
  at(hash: Hex): Promise<Reads>;
  /** Events of a block. */
  events(hash: Hex): Promise<readonly ChainEvent[]>;
  /** Next nonce of an account, with what waits in the pool counted (the meaning of nonce -1). */
  nextNonce(ss58: string): Promise<number>;
  /** Calls back for every new best block, until the returned function is called or the chain closed. Survives reconnection. */
  subscribeHeads(callback: (head: Head) => void): Promise<() => void>;
  subscribeFinalizedHeads(callback: (head: Head) => void): Promise<() => void>;
  /**
   * An answer at most `maxAgeMs` old that the commands of this machine share, so that they do not ask an endpoint for the same thing again
   * and again. For what is shown; never for what is about to be paid. `what` names the answer with all it depends on, but for the chain
   * and its runtime: `metagraph 72`.
   */
  shared(
    what: string,
    maxAgeMs: number,
    load: (reads: Reads, block: BlockId) => Promise<Plain>,
  ): Promise<SharedAnswer>;
  /** Any JSON-RPC method, with time-out, fail-over and rate limits like every read. */
  rpc(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Composes a call by the runtime's metadata. @throws ERR_CHAIN_MISSING, ERR_CHAIN_ARGUMENT */
  compose(pallet: string, call: string, args: Readonly<Record<string, PlainInput>>): Call;
  /** What a call's bytes mean, for people; undefined when they are no call of this runtime. */
  decodeCall(bytes: Hex): DecodedCall | undefined;
  close(): Promise<void>;
}

/** An answer that several commands share, and how old it is. */
export interface SharedAnswer {
  readonly value: Plain;
  /** Unix milliseconds at which it was read, and the block it was read at. */
  readonly readAt: number;
  readonly block: BlockId;
}

/** What is known of the connection while it is made and kept; for progress lines and logs. */
export type ConnectionNews =
  | { readonly kind: 'connecting'; readonly endpoint: string }
  | { readonly kind: 'connected'; readonly endpoint: string }
  | { readonly kind: 'lost'; readonly endpoint: string; readonly reason: string }
  | { readonly kind: 'rate-limited'; readonly endpoint: string; readonly waitMs: number }
  | { readonly kind: 'upgraded'; readonly from: number; readonly to: number };

export interface ConnectOptions {
  /** finney, test, archive, devnet, local, or a ws(s) URL. */
  readonly network: string;
  /** Further endpoints, tried in order when one fails, instead of the network's own; each must have the same genesis. */
  readonly fallbacks?: readonly string[];
  /** Another connection to the same chain: its genesis is wanted here too, and its runtimes are not read again. */
  readonly sameAs?: Chain;
  /** Genesis that every endpoint must have; a public network's name, or the first connection to a remote URL, says it otherwise. */
  readonly genesis?: Hex;
  /** Longest wait for an answer, and for a connection to stand, in ms (default 30,000). */
  readonly timeoutMs?: number;
  /** Folder for metadata and shared reads; null keeps nothing on disk. */
  readonly cacheDir?: string | null;
  /** Blocks that transactions stay valid where `submit` is not told (default 64). */
  readonly eraBlocks?: number;
  readonly onNews?: (news: ConnectionNews) => void;
  readonly now?: () => number;
  readonly signal?: AbortSignal;
}

/** A call, composed but not signed. */
export interface Call {
  readonly pallet: string;
  readonly name: string;
  readonly args: Readonly<Record<string, PlainInput>>;
  /** The bytes as the runtime reads them: pallet index, call index, arguments. */
  readonly hex: Hex;
  /** `SubtensorModule.register_limit(netuid: 72, …)` */
  readonly human: string;
  /** Runtime version it was composed for. */
  readonly spec: number;
}

export interface DecodedCall {
  readonly pallet: string;
  readonly name: string;
  readonly args: Readonly<Record<string, Plain>>;
  readonly human: string;
}

/** Who signs: a Keypair of src/wallet fits. */
export type ChainSigner = Pick<Keypair, 'ss58' | 'publicKey' | 'cryptoType'> & {
  sign(payload: Uint8Array): Uint8Array | Promise<Uint8Array>;
};

export interface ChainEvent {
  readonly pallet: string;
  readonly name: string;
  /** Fields by name, or by position ('0', '1', …) where they have none. */
  readonly fields: Readonly<Record<string, Plain>>;
  /** Index of the extrinsic that caused it; undefined for events of the block itself. */
  readonly extrinsic: number | undefined;
}

/** What happens to a submitted extrinsic, in the order it does. */
export type SubmitStatus =
  | { readonly kind: 'sent' }
  | { readonly kind: 'future' }
  | { readonly kind: 'in-block'; readonly block: Hex }
  | { readonly kind: 'retracted'; readonly block: Hex }
  | { readonly kind: 'finalized'; readonly block: Hex }
  | { readonly kind: 'searching'; readonly reason: string }
  /** The node had lost it and took the same bytes once more. */
  | { readonly kind: 'sent-again' };

/** A signed extrinsic before it is sent: enough to find out later whether it happened. */
export interface SignedInfo {
  readonly hash: Hex;
  readonly hex: Hex;
  readonly signer: string;
  readonly nonce: number;
  /** Block at which its mortal era begins. */
  readonly birth: BlockId;
  /** First block at which it can no longer be included. */
  readonly death: number;
  readonly spec: number;
  readonly genesisHash: Hex;
}

export interface SubmitOptions {
  readonly signer: ChainSigner;
  /** Blocks the extrinsic stays valid, 4 to 4096, taken down to a power of two (default: the connection's). */
  readonly eraBlocks?: number;
  /** Longest wait in ms for inclusion and finality, beyond which the blocks of its era are searched (default: the era and 60 s). */
  readonly timeoutMs?: number;
  /** 'finalized' (default) or 'in-block'. */
  readonly until?: 'finalized' | 'in-block';
  readonly onStatus?: (status: SubmitStatus) => void;
  /** Called and awaited before anything is sent; a journal writes here. Throwing stops the submission. */
  readonly onSigned?: (info: SignedInfo) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

/** An extrinsic that is in a block and whose dispatch succeeded, inner calls included. */
export interface Included {
  readonly hash: Hex;
  readonly block: BlockId;
  readonly extrinsicIndex: number;
  readonly events: readonly ChainEvent[];
  /** Fee paid, in rao; 0n where the call is free. */
  readonly fee: bigint;
  readonly finalized: boolean;
}

/** What became of a signed extrinsic that was sent some time ago. */
export type Outcome =
  | ({ readonly kind: 'succeeded' } & Included)
  | ({ readonly kind: 'failed'; readonly failure: ChainFailure } & Included)
  /** Its era is over and finalized, and it is in none of its blocks: it did not and cannot happen. */
  | { readonly kind: 'expired' }
  /** It can still be included until `death`. */
  | { readonly kind: 'open'; readonly death: number; readonly finalized: number }
  /** The endpoint no longer has the blocks to look in. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** What 11.3's table calls `code`; stable for scripts. */
export type FailureCode =
  | 'insufficient_balance'
  | 'insufficient_liquidity'
  | 'rate_limited'
  | 'not_registered'
  | 'not_authorized'
  | 'already_exists'
  | 'not_found'
  | 'subnet_not_exists'
  | 'subtoken_disabled'
  | 'disabled'
  | 'too_early'
  | 'expired'
  | 'limit_exceeded'
  | 'unit_mismatch'
  | 'invalid_argument'
  | 'policy_violation'
  | 'internal'
  | 'unknown';

/** Why the chain said no, in our words. */
export interface ChainFailure {
  /** pool: refused before a block; dispatch: failed in a block; inner: a proxied, batched or multisig call failed inside a success. */
  readonly channel: 'pool' | 'dispatch' | 'inner';
  /** Pallet of a module error. */
  readonly pallet: string | undefined;
  /** The chain's name of it, such as NotEnoughBalanceToStake. */
  readonly name: string;
  readonly code: FailureCode;
  /** What it means for a miner, one sentence. */
  readonly meaning: string;
  /** What to do, one sentence. */
  readonly next: string;
}

/** The node's validity check of a signed extrinsic, without sending it. */
export type DryRun =
  | { readonly valid: true; readonly info: SignedInfo }
  | { readonly valid: false; readonly info: SignedInfo; readonly failure: ChainFailure };
