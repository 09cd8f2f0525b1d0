/**
 * The border between the node (server, blocks, pool, codec) and the runtime's model (world, calls, storage, runtime APIs).
 * The node knows no rule of subtensor; the model knows no byte of SCALE.
 */

/** `0x` and lower-case hex: a public key, a hash, or bytes. */
export type Hex = string;

/**
 * A decoded SCALE value.
 * u8…u32 are numbers, u64 and wider bigints; bytes, `[u8; N]`, AccountId32 and H256 are lower-case `0x` hex;
 * None is undefined; a struct is an object with the metadata's own (snake_case) names, a tuple an array; a newtype
 * (one unnamed field) is what it wraps; an enum is `'Name'` or `{ Name: value }` (several unnamed fields: an array);
 * a call is `{ pallet, name, args }`; fixed-point numbers are `{ bits }`.
 *
 * Encoding takes the same and is lenient where that is safe: numbers for bigints and the other way round, Uint8Array
 * for bytes, ordinary text for Vec<u8> and Vec<Compact<u8>>, a bare number for `{ bits }`. A missing field gets
 * the zero of its type; an unknown field, variant or a number out of range throws.
 */
export type Plain =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Plain[]
  | { readonly [field: string]: Plain };

/** A decoded call, `{ pallet: 'SubtensorModule', name: 'register_limit', args: { netuid: 72, … } }`. */
export type PlainCall = {
  readonly pallet: string;
  readonly name: string;
  readonly args: { readonly [field: string]: Plain };
};

export interface AccountState {
  /** rao */
  free: bigint;
  /** rao */
  reserved: bigint;
  nonce: number;
}

/**
 * What the node itself needs of the world; the model's `World` extends it. Everything in it can be cloned with
 * structuredClone (Maps, bigints, strings, arrays, plain objects): one clone is kept for each block.
 */
export interface ChainState {
  /** The last finished block; while a block is built, the one being built. */
  blockNumber: number;
  /** ms since 1970 of that block. */
  timestamp: number;
  /** By public key. */
  accounts: Map<Hex, AccountState>;
}

/** An event by its names in the metadata, fields as an object (or an array where the metadata gives no names). */
export interface ChainEvent {
  readonly pallet: string;
  readonly name: string;
  readonly data?: Plain;
}

/** What the runtime now served knows. The model asks here instead of assuming a spec version. */
export interface Features {
  readonly specVersion: number;
  call(pallet: string, name: string): boolean;
  storage(pallet: string, name: string): boolean;
  event(pallet: string, name: string): boolean;
  error(pallet: string, name: string): boolean;
  /** A constant's decoded value. */
  constant(pallet: string, name: string): Plain;
}

/**
 * The runtime's DispatchError by name. Where a type of the metadata is `sp_runtime::DispatchError` (an event's
 * `result: { Err: … }`), the codec takes this and finds the indexes.
 */
export type DispatchErrorValue =
  | { readonly kind: 'module'; readonly pallet: string; readonly name: string }
  | { readonly kind: 'token'; readonly name: string }
  | { readonly kind: 'arithmetic'; readonly name: string }
  | { readonly kind: 'badOrigin' }
  | { readonly kind: 'other' };

/** Thrown by a call: the runtime's DispatchError, by name; the node finds the indexes in the metadata. */
export class DispatchFailure extends Error {
  readonly error: DispatchErrorValue;

  constructor(error: DispatchErrorValue) {
    super('name' in error ? `${error.kind} ${error.name}` : error.kind);
    this.error = error;
  }
}

/** An error of a pallet, e.g. `throw moduleError('SubtensorModule', 'NotEnoughBalanceToStake')`. */
export function moduleError(pallet: string, name: string): DispatchFailure {
  return new DispatchFailure({ kind: 'module', pallet, name });
}

/** The origin may not do this, e.g. an unsigned call that has to be signed. */
export function badOrigin(): DispatchFailure {
  return new DispatchFailure({ kind: 'badOrigin' });
}

export interface CallContext<W extends ChainState, A = { readonly [field: string]: Plain }> {
  /** Public key; undefined for root (sudo). */
  readonly signer: Hex | undefined;
  readonly args: A;
  /** The block being built (for `validate`: the next one). */
  readonly block: number;
  readonly features: Features;
  /** Hash of a block of this chain, undefined when it does not exist (yet). For proof of work. */
  blockHash(number: number): Hex | undefined;
  /**
   * Runs an inner call (proxy, batch, sudo) in the name of `signer`, all or nothing: on failure the world is as before.
   * An inner success brings its events, to be put before the outer call's own. Never throws for a refused call.
   */
  dispatch(
    world: W,
    signer: Hex | undefined,
    call: PlainCall,
  ):
    | { readonly events: readonly ChainEvent[]; readonly error?: undefined }
    | { readonly events: readonly []; readonly error: DispatchFailure };
}

export interface CallHandler<W extends ChainState, A = { readonly [field: string]: Plain }> {
  /**
   * Changes the world and returns the events in their order. The node adds System.ExtrinsicSuccess/Failed and all
   * about fees, and restores the world when this throws.
   * @throws DispatchFailure
   */
  dispatch(world: W, context: CallContext<W, A>): readonly ChainEvent[];
  /** The pool's refusal by SubtensorTransactionExtension: `Custom error: N`; undefined lets it in. Changes nothing. */
  validate?(world: Readonly<W>, context: CallContext<W, A>): number | undefined;
  /** Pays::Yes; default true. A free call is also taken from an account that does not exist. */
  readonly paysFee?: boolean | ((features: Features) => boolean);
  /** Who pays where it is not the signer (a proxied call with the real account's consent). */
  feePayer?(world: Readonly<W>, context: CallContext<W, A>): Hex | undefined;
  /** ps of reference time; default 500,000,000. The fee follows from it. */
  weight?(context: CallContext<W, A>): bigint;
}

/** By `Pallet.name`, e.g. `'SubtensorModule.register_limit'`. A call of the metadata without handler fails with `Other`. */
export type CallTable<W extends ChainState> = Readonly<Record<string, CallHandler<W>>>;

/** A storage item as a view of the world. */
export interface Projection<W extends ChainState> {
  /** @param keys decoded map keys, none for a plain value; @returns undefined where nothing is stored (→ default) */
  get(world: Readonly<W>, keys: readonly Plain[], features: Features): Plain;
  /** All existing key tuples of a map. Without it the map cannot be enumerated (an empty answer). */
  keys?(world: Readonly<W>, features: Features): Iterable<readonly Plain[]>;
  /** `dev_set` and tests: the inverse of `get`. */
  set?(world: W, keys: readonly Plain[], value: Plain): void;
}

/** By `Pallet.Item`, e.g. `'SubtensorModule.Burn'`. An item of the metadata without projection is empty. */
export type ProjectionTable<W extends ChainState> = Readonly<Record<string, Projection<W>>>;

/** By `Api.method` (metadata spelling), e.g. `'SubnetInfoRuntimeApi.get_metagraph'`; arguments in order. */
export type RuntimeApiTable<W extends ChainState> = Readonly<
  Record<string, (world: Readonly<W>, args: readonly Plain[], features: Features) => Plain>
>;

/** Everything of the runtime that is not the node. */
export interface RuntimeModel<W extends ChainState> {
  readonly calls: CallTable<W>;
  readonly projections: ProjectionTable<W>;
  readonly runtimeApis: RuntimeApiTable<W>;
  /** on_initialize/on_finalize of a block whose number and timestamp are already in the world; returns its events. */
  advance(world: W, features: Features): readonly ChainEvent[];
}
