import {
  addLanes32,
  type Code,
  choose,
  constant,
  get,
  loadSplat32,
  rotateRight32,
  set,
  shiftRight32,
  xor,
} from './assemble.ts';

const MASK = 0xffff_ffffn;

/** First 32 bits of the fractional part of the n-th root of the first primes: the constants of SHA-256 (FIPS 180-4, 4.2.2 and 5.3.3). */
function fractions(count: number, root: 2n | 3n): bigint[] {
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  return primes.map((prime) => {
    const wanted = prime << (32n * root);
    let [low, high] = [0n, 1n << 40n];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (middle ** root <= wanted) low = middle;
      else high = middle;
    }
    return low & MASK;
  });
}

const K = fractions(64, 3n);

const turn = (value: number, by: number) => (value >>> by) | (value << (32 - by));

/**
 * The state of SHA-256 after whole blocks, which are the same for many messages.
 * @param blocks a multiple of 64 bytes
 */
export function sha256State(blocks: Uint8Array): Uint32Array {
  const state = Uint32Array.from(fractions(8, 2n), Number);
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  const w = new Uint32Array(64);
  for (let block = 0; block < blocks.length; block += 64) {
    for (let t = 0; t < 64; t++) {
      const [w15 = 0, w2 = 0, w16 = 0, w7 = 0] = [w[t - 15], w[t - 2], w[t - 16], w[t - 7]];
      w[t] =
        t < 16
          ? view.getUint32(block + 4 * t)
          : (turn(w2, 17) ^ turn(w2, 19) ^ (w2 >>> 10)) +
            w7 +
            (turn(w15, 7) ^ turn(w15, 18) ^ (w15 >>> 3)) +
            w16;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let t = 0; t < 64; t++) {
      const t1 =
        h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + Number(K[t]) + (w[t] ?? 0);
      const t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) {
      state[index] = (state[index] ?? 0) + word;
    }
  }
  return state;
}

/** A word of the message: known when the code is made, or held in a local. */
type Word = { readonly known: bigint } | { readonly local: number };

/** Locals that `sha256Block` uses: sixteen words, eight of state, one between. */
export const SHA256_LOCALS = 25;

/**
 * Code for one block of SHA-256 in four lanes: the state before it is read from memory at address 0, the eight words
 * of the state after it are left in the locals `state`.
 * @param options.others words 1 to 15 of the block, the same in all lanes; word 0 is expected in local `from`
 * @param options.from first of SHA256_LOCALS locals of vectors
 */
export function sha256Block(options: { readonly others: readonly bigint[]; readonly from: number }): {
  readonly code: Code;
  readonly state: readonly number[];
} {
  const { from } = options;
  const body: Code[] = [];
  const put = (local: number, value: Code): number => {
    body.push(set(local, value));
    return local;
  };
  const between = from + 24;
  const names = Array.from({ length: 8 }, (_, index) => from + 16 + index);
  for (const [index, local] of names.entries()) put(local, loadSplat32(4 * index));
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = names;
  const words: Word[] = [{ local: from }, ...options.others.map((known) => ({ known }))];
  for (let t = 0; t < 64; t++) {
    if (t >= 16) words.push(scheduled(words, t, (value) => put(from + (t % 16), value)));
    const word = words[t] ?? { known: 0n };
    const constants = (K[t] ?? 0n) + ('known' in word ? word.known : 0n);
    const terms = [
      get(h),
      xor(xor(rotateRight32(get(e), 6), rotateRight32(get(e), 11)), rotateRight32(get(e), 25)),
      choose(get(e), get(f), get(g)),
      constant(constants & MASK, 32),
      ...('local' in word ? [get(word.local)] : []),
    ];
    put(between, sum(terms));
    put(d, addLanes32(get(d), get(between)));
    // The majority of three is the third where the other two differ.
    const majority = choose(xor(get(a), get(b)), get(c), get(b));
    const turned = xor(xor(rotateRight32(get(a), 2), rotateRight32(get(a), 13)), rotateRight32(get(a), 22));
    put(h, sum([get(between), turned, majority]));
    [a, b, c, d, e, f, g, h] = [h, a, b, c, d, e, f, g];
  }
  for (const [index, local] of [a, b, c, d, e, f, g, h].entries()) {
    put(local, addLanes32(get(local), loadSplat32(4 * index)));
  }
  return { code: body.flat(), state: [a, b, c, d, e, f, g, h] };
}

const sum = ([first = [], ...rest]: readonly Code[]): Code => rest.reduce(addLanes32, first);

/** Word `t` of the message schedule, computed now as far as its parts are known. */
function scheduled(words: readonly Word[], t: number, keep: (value: Code) => number): Word {
  const at = (back: number): Word => words[t - back] ?? { known: 0n };
  let known = 0n;
  const live: Code[] = [];
  const take = (word: Word, r?: readonly [number, number, number]) => {
    if ('known' in word) {
      const value = Number(word.known);
      known += r ? BigInt((turn(value, r[0]) ^ turn(value, r[1]) ^ (value >>> r[2])) >>> 0) : word.known;
    } else {
      const value = get(word.local);
      live.push(
        r
          ? xor(xor(rotateRight32(value, r[0]), rotateRight32(value, r[1])), shiftRight32(value, r[2]))
          : value,
      );
    }
  };
  take(at(2), [17, 19, 10]);
  take(at(7));
  take(at(15), [7, 18, 3]);
  take(at(16));
  known &= MASK;
  if (live.length === 0) return { known };
  return { local: keep(sum(known === 0n ? live : [...live, constant(known, 32)])) };
}
