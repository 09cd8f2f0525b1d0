import { EventEmitter } from 'node:events';
import type { ChainEvent, ChainState, Hex, RuntimeModel } from '../model.ts';
import type { RuntimeImage } from '../runtime-image.ts';
import { toHex, Writer } from '../scale/bytes.ts';
import { auraLog, type Block, contentRoot, type Header, headerHash, type Phase } from './block.ts';
import { applyExtrinsic, type Environment } from './execute.ts';
import { bareExtrinsic, decodeExtrinsic, type Extrinsic } from './extrinsic.ts';
import { Pool, type PoolRefusal } from './pool.ts';
import { Storage } from './storage.ts';
import { systemCalls } from './system-calls.ts';
import { slotDuration } from './system-items.ts';
import { validateExtrinsic } from './validate.ts';
import type { Validity } from './validity.ts';

/** Blocks whose state is kept, as an ordinary (not archive) node does. */
const KEPT_STATES = 256;
/** An archive keeps the state of every so many older blocks: the blocks after one are said to have been like it. */
const ARCHIVED_EVERY = 64;
/** Hashes of older blocks that extrinsics may refer to (System.BlockHashCount). */
const ANCESTORS = 8;

export interface ChainOptions<W extends ChainState> {
  readonly world: W;
  readonly runtime: RuntimeModel<W>;
  readonly image: RuntimeImage;
  readonly genesisHash: Hex;
  /** Blocks between the best and the finalized one. */
  readonly finalityLag: number;
  /** ms since 1970; undefined: the chain's own time, one slot a block. */
  readonly now: (() => number) | undefined;
  /** What the world was like after a block before the first one, as an archive tells; undefined: a node that forgets. */
  readonly past: ((number: number) => W) | undefined;
}

/** An extrinsic that was sent to the chain, and what became of it at the door. */
export interface Submission {
  readonly extrinsic: Extrinsic | undefined;
  readonly bytes: Hex;
  readonly outcome: 'pool' | 'refused' | 'lost';
  readonly refusal?: PoolRefusal | undefined;
}

interface ChainEvents<W extends ChainState> {
  best: [Block<W>];
  imported: [Block<W>];
  finalized: [Block<W>];
  runtime: [Block<W>];
}

/** Blocks, state, pool: a node without its wire. */
export class Chain<W extends ChainState> {
  readonly world: W;
  readonly pool = new Pool();
  readonly storage: Storage<W>;
  readonly genesis: Block<W>;
  readonly submissions: Submission[] = [];
  readonly on: EventEmitter<ChainEvents<W>> = new EventEmitter<ChainEvents<W>>().setMaxListeners(0);
  finalityLag: number;
  readonly #runtime: RuntimeModel<W>;
  readonly #now: (() => number) | undefined;
  readonly #options: ChainOptions<W>;
  /** Where the story starts. */
  readonly #start: Pick<ChainState, 'blockNumber' | 'timestamp'>;
  /** Blocks before the first one, made when they are asked for. */
  readonly #past = new Map<Hex, Block<W>>();
  /** All blocks ever made, retracted ones too. */
  readonly #blocks = new Map<Hex, Block<W>>();
  /** The best chain by number. */
  readonly #best = new Map<number, Block<W>>();
  #head: Block<W>;
  #finalized: Block<W>;
  #fork = 0;
  #begun = false;
  #nextImage: RuntimeImage | undefined;

  constructor(options: ChainOptions<W>) {
    this.world = options.world;
    this.finalityLag = options.finalityLag;
    this.#runtime = { ...options.runtime, calls: { ...systemCalls<W>(), ...options.runtime.calls } };
    this.#now = options.now;
    this.#options = options;
    const { blockNumber, timestamp } = options.world;
    this.#start = { blockNumber, timestamp };
    this.storage = new Storage<W>(
      options.runtime.projections,
      (block, number) => this.#ancestor(block, number)?.hash,
    );
    this.genesis = this.#keptBlock(0, `0x${'00'.repeat(32)}`, options.genesisHash);
    let last = this.genesis;
    const first = Math.max(1, options.world.blockNumber - Math.max(ANCESTORS, options.finalityLag));
    for (let number = first; number <= options.world.blockNumber; number++)
      last = this.#keptBlock(number, last.hash);
    this.#head = last;
    this.#finalized = this.#best.get(Math.max(first, last.header.number - options.finalityLag)) ?? last;
  }

  /** Blocks just before the story starts, all with the first state. */
  #keptBlock(number: number, parentHash: Hex, hash?: Hex): Block<W> {
    const block = this.#oldBlock(this.#options.world, number, parentHash, hash);
    if (number === this.#start.blockNumber) block.state = undefined;
    this.#blocks.set(block.hash, block);
    this.#best.set(number, block);
    return block;
  }

  /** A block long before the story starts. Its parent is not made with it, so its parent's hash leads nowhere. */
  #pastBlock(number: number): Block<W> | undefined {
    const { past, genesisHash } = this.#options;
    if (past === undefined || !Number.isSafeInteger(number) || number < 1 || number > this.#start.blockNumber)
      return undefined;
    const block = this.#oldBlock(past(number), number, genesisHash);
    this.#past.set(block.hash, block);
    return block;
  }

  #oldBlock(world: W, number: number, parentHash: Hex, hash?: Hex): Block<W> {
    const { genesisHash, image } = this.#options;
    const behind = (this.#start.blockNumber - number) * Number(slotDuration({ image }));
    const timestamp = Math.max(0, this.#start.timestamp - behind);
    const stateRoot = contentRoot(genesisHash, toHex(new Writer().u32(number).done()));
    const header: Header = { parentHash, number, stateRoot, extrinsicsRoot: stateRoot, logs: [] };
    return {
      hash: hash ?? headerHash(header),
      header,
      extrinsics: [],
      events: [],
      state: { ...world, blockNumber: number, timestamp },
      image,
      madeBy: image,
    };
  }

  get head(): Block<W> {
    return this.#head;
  }

  get finalized(): Block<W> {
    return this.#finalized;
  }

  /** The runtime of the best block's state. */
  get image(): RuntimeImage {
    return this.#head.image;
  }

  block(hash: Hex): Block<W> | undefined {
    return this.#blocks.get(hash.toLowerCase()) ?? this.#past.get(hash.toLowerCase());
  }

  /** A block of the best chain. */
  blockAt(number: number): Block<W> | undefined {
    return this.#best.get(number) ?? this.#pastBlock(number);
  }

  /** State after a block; the best block's is the living world. Undefined: discarded. */
  stateAt(block: Block<W>): W | undefined {
    return block === this.#head ? this.world : (block.state ?? this.#archived(block));
  }

  #archived(block: Block<W>): W | undefined {
    const { number } = block.header;
    if (this.#options.past === undefined || this.#best.get(number) !== block) return undefined;
    const like = this.#best.get(number - (number % ARCHIVED_EVERY))?.state;
    if (like === undefined) return undefined;
    const timestamp = like.timestamp + (number - like.blockNumber) * Number(slotDuration(block));
    return { ...like, blockNumber: number, timestamp };
  }

  #isArchived(number: number): boolean {
    return this.#options.past !== undefined && number % ARCHIVED_EVERY === 0;
  }

  /** Makes blocks. */
  mine(count = 1, options: { readonly empty?: boolean } = {}): Block<W> {
    for (let left = count; left > 0; left--) this.#build(left <= KEPT_STATES, options.empty ?? false);
    return this.#head;
  }

  /**
   * Throws the last blocks away and makes `depth + 1` others.
   * @param lose whether their extrinsics are forgotten instead of coming back into the pool
   * @throws RangeError when that would undo finalized blocks
   */
  reorg(depth: number, options: { readonly lose?: boolean } = {}): Block<W> {
    const target = this.#best.get(this.#head.header.number - depth);
    if (target === undefined || target.header.number < this.#finalized.header.number || depth < 1)
      throw new RangeError(`cannot undo ${depth} blocks: ${this.#finalized.header.number} is finalized`);
    this.#begin();
    const undone: Block<W>[] = [];
    this.#keepState();
    for (let number = this.#head.header.number; number > target.header.number; number--) {
      undone.push(this.#best.get(number) as Block<W>);
      this.#best.delete(number);
    }
    if (target.state === undefined) throw new RangeError('the state of that block was discarded');
    Object.assign(this.world, structuredClone(target.state));
    this.#head = target;
    this.#fork++;
    for (const block of undone) {
      for (const bytes of block.extrinsics.slice(1)) this.#giveBack(block, bytes, options.lose ?? false);
    }
    return this.mine(depth + 1);
  }

  /** The next block brings another runtime. */
  upgrade(image: RuntimeImage): Block<W> {
    this.#nextImage = image;
    return this.mine();
  }

  /** @returns the refusal, if any; the extrinsic is then not in the pool */
  submit(
    bytes: Uint8Array,
    lose: boolean,
    listen: (hash: Hex) => void = () => {},
  ): { readonly extrinsic: Extrinsic; readonly refusal?: PoolRefusal | undefined } {
    let extrinsic: Extrinsic;
    try {
      extrinsic = decodeExtrinsic(this.image, bytes);
    } catch (error) {
      this.submissions.push({ extrinsic: undefined, bytes: toHex(bytes), outcome: 'refused' });
      throw error;
    }
    if (lose) {
      this.submissions.push({ extrinsic, bytes: extrinsic.bytes, outcome: 'lost' });
      return { extrinsic };
    }
    listen(extrinsic.hash);
    const refusal = this.#offer(extrinsic);
    this.submissions.push({
      extrinsic,
      bytes: extrinsic.bytes,
      outcome: refusal === undefined ? 'pool' : 'refused',
      refusal,
    });
    return { extrinsic, refusal };
  }

  /** A node's validity check of an extrinsic for the block after the best one, without the pool. */
  validate(extrinsic: Extrinsic): Validity {
    return this.#validate(extrinsic, this.#head, this.world, true);
  }

  /** For fee questions at the best block. */
  environment(image = this.image): Environment<W> {
    return {
      calls: this.#runtime.calls,
      image,
      block: this.#head.header.number + 1,
      blockHash: (number) => this.#ancestor(this.#head, number)?.hash,
    };
  }

  get projections() {
    return this.#runtime.projections;
  }

  get runtimeApis() {
    return this.#runtime.runtimeApis;
  }

  /** The next nonce, counting what waits in the pool: `system_accountNextIndex`. */
  nextNonce(signer: Hex): number {
    const nonces = new Set(this.pool.readyNonces(signer));
    let next = this.world.accounts.get(signer)?.nonce ?? 0;
    while (nonces.has(next)) next++;
    return next;
  }

  #offer(extrinsic: Extrinsic): PoolRefusal | undefined {
    const known = this.pool.known(extrinsic.hash);
    if (known !== undefined) return known;
    const { valid, refusal } = this.validate(extrinsic);
    if (refusal !== undefined) return { kind: 'validity', refusal };
    return this.pool.add(extrinsic, valid, this.#head.header.number);
  }

  #validate(extrinsic: Extrinsic, parent: Block<W>, world: W, forPool: boolean): Validity {
    return validateExtrinsic(extrinsic, {
      environment: { ...this.environment(parent.image), block: parent.header.number + 1 },
      world,
      genesisHash: this.genesis.hash,
      ancestorHash: (number) => this.#ancestor(parent, number)?.hash,
      forPool,
    });
  }

  #build(keepStates: boolean, empty: boolean): void {
    const parent = this.#head;
    const image = parent.image;
    this.#begin();
    if (keepStates || this.#isArchived(parent.header.number)) this.#keepState();
    const { world } = this;
    const number = parent.header.number + 1;
    world.blockNumber = number;
    world.timestamp = this.#now?.() ?? world.timestamp + Number(slotDuration(parent));
    const events: { phase: Phase; event: ChainEvent }[] = [];
    const put = (phase: Phase, all: readonly ChainEvent[]) => {
      for (const event of all) events.push({ phase, event });
    };
    put('Initialization', this.#runtime.advance(world, image.features));
    const inherent = bareExtrinsic(image, {
      pallet: 'Timestamp',
      name: 'set',
      args: { now: world.timestamp },
    });
    put({ ApplyExtrinsic: 0 }, [INHERENT_SUCCESS]);
    const included: Extrinsic[] = [];
    const environment = { ...this.environment(image), block: number };
    for (const extrinsic of empty ? [] : this.pool.ready()) {
      if (this.#validate(extrinsic, parent, world, false).valid === undefined) continue;
      const applied = applyExtrinsic(environment, world, extrinsic);
      included.push(extrinsic);
      put({ ApplyExtrinsic: included.length }, applied.events);
    }
    const upgraded = this.#nextImage;
    this.#nextImage = undefined;
    if (upgraded !== undefined) put('Initialization', [{ pallet: 'System', name: 'CodeUpdated' }]);
    const extrinsics = [inherent.bytes, ...included.map((extrinsic) => extrinsic.bytes)];
    const header: Header = {
      parentHash: parent.hash,
      number,
      stateRoot: contentRoot(
        parent.header.stateRoot,
        toHex(new Writer().u32(this.#fork).u32(events.length).done()),
      ),
      extrinsicsRoot: contentRoot(...extrinsics),
      logs: [auraLog(BigInt(world.timestamp) / slotDuration(parent))],
    };
    const block: Block<W> = {
      hash: headerHash(header),
      header,
      extrinsics,
      events,
      state: undefined,
      image: upgraded ?? image,
      madeBy: image,
    };
    this.#blocks.set(block.hash, block);
    this.#best.set(number, block);
    this.#head = block;
    for (const extrinsic of included) this.pool.included(extrinsic.hash, block.hash);
    this.pool.revalidate(number, (extrinsic) => this.validate(extrinsic));
    this.on.emit('imported', block);
    this.on.emit('best', block);
    if (upgraded !== undefined) this.on.emit('runtime', block);
    this.#finalize();
  }

  /** Until the first block is made, the blocks before share the living world, so that a test can set the stage. */
  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const first = structuredClone(this.world);
    for (const block of this.#blocks.values()) {
      if (block.state === undefined) continue;
      const { blockNumber, timestamp } = block.state;
      block.state = { ...first, blockNumber, timestamp };
    }
  }

  /** The living world becomes the past of the head, before another block changes it. */
  #keepState(): void {
    this.#head.state = structuredClone(this.world);
    const old = this.#best.get(this.#head.header.number - KEPT_STATES);
    if (old !== undefined && !this.#isArchived(old.header.number)) old.state = undefined;
  }

  #finalize(): void {
    const target = this.#head.header.number - this.finalityLag;
    for (let number = this.#finalized.header.number + 1; number <= target; number++) {
      const block = this.#best.get(number);
      if (block === undefined) return;
      this.#finalized = block;
      for (const bytes of block.extrinsics.slice(1)) {
        const { hash } = decodeExtrinsic(block.madeBy, Buffer.from(bytes.slice(2), 'hex'));
        this.pool.tell(hash, { finalized: block.hash });
      }
      this.on.emit('finalized', block);
    }
  }

  #giveBack(block: Block<W>, bytes: Hex, lose: boolean): void {
    const extrinsic = decodeExtrinsic(block.madeBy, Buffer.from(bytes.slice(2), 'hex'));
    this.pool.retracted(extrinsic.hash, block.hash);
    if (!lose) this.#offer(extrinsic);
  }

  #ancestor(from: Block<W>, number: number): Block<W> | undefined {
    if (number > from.header.number) return undefined;
    return this.#best.get(number);
  }
}

const INHERENT_SUCCESS: ChainEvent = {
  pallet: 'System',
  name: 'ExtrinsicSuccess',
  data: { dispatch_info: { weight: { ref_time: 0, proof_size: 0 }, class: 'Mandatory', pays_fee: 'Yes' } },
};
