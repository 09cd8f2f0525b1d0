import { join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { sharedRead } from './cache/shared.ts';
import { asOurs, hexAnswer, unknownForm } from './node/answers.ts';
import { eventsOf } from './node/events.ts';
import { headOf } from './node/header.ts';
import { parseVersion, type Runtimes } from './node/runtimes.ts';
import { State } from './node/state.ts';
import { asNumber } from './plain.ts';
import type { Connection } from './rpc/connection.ts';
import type {
  BlockId,
  Call,
  Chain,
  ChainEvent,
  ChainIdentity,
  ConnectionNews,
  DecodedCall,
  Entry,
  Features,
  Head,
  Hex,
  Plain,
  PlainInput,
  Reads,
  SharedAnswer,
} from './types.ts';

export interface LiveChainOptions {
  readonly connection: Connection;
  readonly runtimes: Runtimes;
  readonly identity: ChainIdentity;
  /** Folder of this machine's shared answers; null keeps none. */
  readonly cacheDir: string | null;
  readonly now: () => number;
  readonly onNews: ((news: ConnectionNews) => void) | undefined;
  /** Blocks that transactions stay valid unless they are told otherwise. */
  readonly eraBlocks: number;
}

const DEFAULT_BLOCK_MS = 12_000;

/** A chain that is connected to. Its runtime is replaced when the chain upgrades. */
export class LiveChain implements Chain {
  readonly identity: ChainIdentity;
  readonly eraBlocks: number;
  /** For the transactions of this folder. */
  readonly connection: Connection;
  readonly runtimes: Runtimes;
  readonly #options: LiveChainOptions;
  #state: State;
  #upgrading: Promise<void> | undefined;

  constructor(options: LiveChainOptions, state: State) {
    this.#options = options;
    this.connection = options.connection;
    this.runtimes = options.runtimes;
    this.identity = options.identity;
    this.eraBlocks = options.eraBlocks;
    this.#state = state;
  }

  /** Follows the runtime's upgrades, where the node tells of them. */
  async follow(): Promise<void> {
    const notify = (version: unknown) => {
      this.#upgraded(version).catch(() => undefined);
    };
    await this.connection.subscribe(
      'state_subscribeRuntimeVersion',
      'state_unsubscribeRuntimeVersion',
      [],
      notify,
    );
  }

  get runtime() {
    return this.#state.runtime;
  }

  get has(): Features {
    return this.#state.has;
  }

  get endpoint(): string {
    return this.connection.endpoint;
  }

  get spec(): number {
    return this.runtime.version.spec;
  }

  get blockMs(): number {
    const { has } = this;
    if (has.constant('Aura', 'SlotDuration'))
      return asNumber(this.constant('Aura', 'SlotDuration'), 'slot time');
    if (has.constant('Timestamp', 'MinimumPeriod')) {
      // Without Aura's own constant: a block takes at least twice the minimum period.
      return 2 * asNumber(this.constant('Timestamp', 'MinimumPeriod'), 'minimum period') || DEFAULT_BLOCK_MS;
    }
    return DEFAULT_BLOCK_MS;
  }

  get existentialDeposit(): bigint {
    if (!this.has.constant('Balances', 'ExistentialDeposit')) return 0n;
    const deposit = this.constant('Balances', 'ExistentialDeposit');
    return typeof deposit === 'bigint' ? deposit : BigInt(asNumber(deposit, 'existential deposit'));
  }

  storage(pallet: string, item: string, ...keys: readonly PlainInput[]): Promise<Plain> {
    return this.#now((state) => state.storage(pallet, item, ...keys));
  }

  entries(pallet: string, item: string, ...firstKeys: readonly PlainInput[]): Promise<readonly Entry[]> {
    return this.#now((state) => state.entries(pallet, item, ...firstKeys));
  }

  runtimeApi(api: string, method: string, args: readonly PlainInput[] = []): Promise<Plain> {
    return this.#now((state) => state.runtimeApi(api, method, args));
  }

  constant(pallet: string, name: string): Plain {
    return this.#state.constant(pallet, name);
  }

  async head(): Promise<Head> {
    return headOf(await this.rpc('chain_getHeader'), this.runtime);
  }

  async finalizedHead(): Promise<Head> {
    const hash = hexAnswer(await this.rpc('chain_getFinalizedHead'), 'its finalized head');
    return headOf(await this.rpc('chain_getHeader', [hash]), this.runtime);
  }

  async blockHash(number: number): Promise<Hex | undefined> {
    const hash = await this.rpc('chain_getBlockHash', [number]);
    return hash === null ? undefined : hexAnswer(hash, 'the hash of a block');
  }

  async timestamp(): Promise<number> {
    return asNumber(await this.storage('Timestamp', 'Now'), 'its time');
  }

  async at(hash: Hex): Promise<State> {
    const runtime = await asked('the runtime of a block', this.runtimes.at(hash));
    return new State(this.connection, runtime, hash);
  }

  async events(hash: Hex): Promise<readonly ChainEvent[]> {
    const state = await this.at(hash);
    return eventsOf(await state.storage('System', 'Events'), state.runtime);
  }

  async nextNonce(ss58: string): Promise<number> {
    const nonce = await this.rpc('system_accountNextIndex', [ss58]);
    if (typeof nonce === 'number' && Number.isSafeInteger(nonce)) return nonce;
    throw unknownForm('the next nonce');
  }

  subscribeHeads(callback: (head: Head) => void): Promise<() => void> {
    return this.#heads('chain_subscribeNewHeads', 'chain_unsubscribeNewHeads', callback);
  }

  subscribeFinalizedHeads(callback: (head: Head) => void): Promise<() => void> {
    return this.#heads('chain_subscribeFinalizedHeads', 'chain_unsubscribeFinalizedHeads', callback);
  }

  async rpc(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return await asked(method, this.connection.read(method, params));
  }

  async shared(
    what: string,
    maxAgeMs: number,
    load: (reads: Reads, block: BlockId) => Promise<Plain>,
  ): Promise<SharedAnswer> {
    const { cacheDir, now } = this.#options;
    return await sharedRead({
      folder: cacheDir === null ? null : join(cacheDir, 'reads'),
      key: `${this.identity.genesisHash} ${this.spec} ${what}`,
      maxAgeMs,
      now,
      load: async () => {
        const { hash, number } = await this.head();
        return { value: await load(await this.at(hash), { hash, number }), block: { hash, number } };
      },
    });
  }

  compose(pallet: string, call: string, args: Readonly<Record<string, PlainInput>>): Call {
    return this.runtime.compose(pallet, call, args);
  }

  decodeCall(bytes: Hex): DecodedCall | undefined {
    return this.runtime.decodeCall(bytes);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  /** Makes sure that the runtime is the one that the best block has now. @returns its version */
  async refresh(): Promise<number> {
    await asked('the runtime’s version', this.#upgraded(await this.rpc('state_getRuntimeVersion')));
    return this.spec;
  }

  async #heads(subscribe: string, unsubscribe: string, callback: (head: Head) => void): Promise<() => void> {
    const notify = (header: unknown) => callback(headOf(header, this.runtime));
    return await asked(subscribe, this.connection.subscribe(subscribe, unsubscribe, [], notify));
  }

  async #upgraded(answer: unknown): Promise<void> {
    const version = parseVersion(answer);
    const before = this.runtime.version;
    if (version.spec === before.spec && version.transaction === before.transaction) return;
    this.#upgrading ??= (async () => {
      const runtime = await this.runtimes.of(version);
      this.#state = new State(this.connection, runtime, undefined);
      this.#options.onNews?.({ kind: 'upgraded', from: before.spec, to: version.spec });
    })().finally(() => {
      this.#upgrading = undefined;
    });
    await this.#upgrading;
  }

  /** A read of the best state; once more when an upgrade came between asking and decoding. */
  async #now<T>(read: (state: State) => Promise<T>): Promise<T> {
    const before = this.spec;
    try {
      return await read(this.#state);
    } catch (error) {
      if (!(error instanceof Sv72Error) || error.code !== 'ERR_CHAIN_SHAPE') throw error;
      if ((await this.refresh()) === before) throw error;
      return await read(this.#state);
    }
  }
}

async function asked<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asOurs(error, what);
  }
}
