import {
  add32,
  addLanes32,
  assemble,
  atMostUnsigned64,
  call,
  constant,
  get,
  I32,
  I64,
  i32,
  lane64,
  lanes,
  lessUnsigned32,
  or,
  repeatWhile,
  returnIf,
  set,
  shuffle,
  splat32,
  V128,
} from './assemble.ts';
import { keccakTail } from './keccak.ts';
import { SHA256_LOCALS, sha256Block, sha256State } from './sha256.ts';

/** What is used of the engine's WebAssembly, which TypeScript only describes for browsers. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => CompiledKernel;
  readonly Instance: new (module: CompiledKernel) => { readonly exports: Readonly<Record<string, unknown>> };
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** A WebAssembly.Module: it can be handed to other threads. */
export interface CompiledKernel {
  readonly [Symbol.toStringTag]: 'WebAssembly.Module';
}

/** Bytes that are hashed first: the prefix (123) and the nonce (8). */
const MESSAGE_BYTES = 131n;
/** The nonce's upper 24 bits, which alone are in the last block of SHA-256. */
export const NONCES_PER_RUN = 2 ** 24;
/** Bytes of message and nonce that come before those. */
const HEAD_BYTES = 128;

/** Looks for a nonce whose work is at most a limit. */
export interface Kernel {
  /**
   * Tries the nonces `low + index · 2^40` for `count` indexes from `first`, all below 2^24; `count` is a multiple of 4.
   * @param options.low lower 40 bits of all nonces tried
   * @param options.limit upper 64 bits of the largest work that is good enough
   * @returns the first index that is good enough as far as the upper 64 bits tell, -1 when there is none
   */
  run(options: {
    readonly prefix: Uint8Array;
    readonly low: bigint;
    readonly first: number;
    readonly count: number;
    readonly limit: bigint;
  }): number;
}

/**
 * The search as a WebAssembly module, written out when it is needed. It tries four nonces at once. Two of the three
 * blocks of SHA-256 do not change in a run, so a try costs one block and one permutation of Keccak.
 * @returns undefined where WebAssembly has no vectors
 */
export function compileKernel(): CompiledKernel | undefined {
  const bytes = moduleBytes();
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}

export function instantiateKernel(module: CompiledKernel): Kernel {
  const { run, memory } = new WebAssembly.Instance(module).exports;
  if (typeof run !== 'function' || !(memory instanceof WebAssembly.Memory)) throw new TypeError('no kernel');
  const state = new Uint32Array(memory.buffer, 0, 8);
  const head = new Uint8Array(HEAD_BYTES);
  return {
    run({ prefix, low, first, count, limit }) {
      head.set(prefix);
      for (let index = prefix.length; index < HEAD_BYTES; index++) {
        head[index] = Number((low >> BigInt(8 * (index - prefix.length))) & 0xffn);
      }
      state.set(sha256State(head));
      return run(first, count, limit);
    },
  };
}

const FIRST = 0;
const COUNT = 1;
const LIMIT = 2;
const INDEX = 3;
const END = 4;
const VECTORS = 5;

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const tail = keccakTail();
  const block = sha256Block({
    others: Array.from({ length: 15 }, (_, index) => (index === 14 ? MESSAGE_BYTES * 8n : 0n)),
    from: VECTORS,
  });
  const found = VECTORS + SHA256_LOCALS;
  const counting = lanes(Uint8Array.from([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]));
  const swapped = Array.from({ length: 16 }, (_, byte) => (byte & ~3) | (3 - (byte & 3)));
  const indexes = addLanes32(splat32(get(INDEX)), counting);
  // Words of the digest are big-endian, lanes of Keccak little-endian: the bytes turn round as they move over.
  const lane = (word: number, pair: number) => {
    const [left = 0, right = 0] = [block.state[word], block.state[word + 1]];
    const bytes = (base: number, n: number) => [3, 2, 1, 0].map((byte) => base + 4 * n + byte);
    return shuffle(
      get(left),
      get(right),
      [2 * pair, 2 * pair + 1].flatMap((n) => [...bytes(0, n), ...bytes(16, n)]),
    );
  };
  const pairs = [0, 1].map((pair) => [
    ...set(found, call(0, ...[0, 2, 4, 6].map((word) => lane(word, pair)))),
    ...[0, 1].flatMap((n) =>
      returnIf(atMostUnsigned64(lane64(get(found), n), get(LIMIT)), add32(get(INDEX), i32(2 * pair + n))),
    ),
  ]);
  const body = [
    ...set(VECTORS, or(shuffle(indexes, indexes, swapped), constant(0x80n, 32))),
    ...block.code,
    ...pairs.flat(),
    ...set(INDEX, add32(get(INDEX), i32(4))),
  ];
  return assemble([
    tail,
    {
      takes: [I32, I32, I64],
      gives: [I32],
      locals: [
        { type: I32, count: 2 },
        { type: V128, count: SHA256_LOCALS + 1 },
      ],
      body: [
        ...set(INDEX, get(FIRST)),
        ...set(END, add32(get(FIRST), get(COUNT))),
        ...repeatWhile(body, lessUnsigned32(get(INDEX), get(END))),
        ...i32(-1),
      ],
    },
  ]);
}
