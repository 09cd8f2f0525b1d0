import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import { keccakP } from '@noble/hashes/sha3.js';

/**
 * Verification of sr25519 signatures (schnorrkel, signing context "substrate") for a few signers seen often.
 *
 * A signature is R ‖ s with a marker bit; it is valid when encode(s·B − k·A) = R, where k is a Merlin transcript
 * challenge over message, A and R. Comparing the encoding is how schnorrkel itself does it: R is never decoded, so
 * a spelling of R that is not canonical can never match. Only public data is handled, so nothing here needs constant time.
 */

const P = 2n ** 255n - 19n;
const MASK = 2n ** 255n - 1n;
const ORDER = ristretto255.Point.Fn.ORDER;
const D2 = (2n * ed25519.Point.CURVE().d) % P;

type EdwardsPoint = InstanceType<typeof ed25519.Point>;

/** A multiple of a point in the form that makes adding it cheapest: y+x, y−x, 2·d·x·y. */
type Niels = readonly [sum: bigint, difference: bigint, product: bigint];

/** For each window of `width` bits, the multiples 1 … 2^(width−1) of 2^(width·window)·P. */
interface Table {
  readonly width: number;
  readonly windows: number;
  readonly entries: readonly Niels[];
}

/** A decoded public key, and its table once the key has proved worth one. */
export interface VerifyingKey {
  readonly bytes: Uint8Array;
  readonly negated: EdwardsPoint;
  table: Table | undefined;
}

/** Wider windows would save a few additions per check and cost much more to build and keep. */
const WIDTH = 5;
let baseTable: Table | undefined;

/**
 * @param publicKey 32 bytes
 * @returns undefined when the bytes are no point, or the identity (which would accept anybody's signature)
 */
export function decodeVerifyingKey(publicKey: Uint8Array): VerifyingKey | undefined {
  if (publicKey.length !== 32) return undefined;
  try {
    const point = ristretto255.Point.fromBytes(publicKey);
    if (point.equals(ristretto255.Point.ZERO)) return undefined;
    const negated = ed25519.Point.fromAffine(point.negate().toAffine());
    return { bytes: Uint8Array.from(publicKey), negated, table: undefined };
  } catch {
    return undefined;
  }
}

/** Does now what the first check would do: the base point's table, some 20 ms on a cold start. */
export function prepareVerifying(): void {
  baseTable ??= buildTable(ed25519.Point.BASE, WIDTH);
}

/** Builds the key's table (about 0.2 MB, 10 ms); checks take a sixth of the time afterwards. */
export function prepareVerifyingKey(key: VerifyingKey): void {
  key.table ??= buildTable(key.negated, WIDTH);
}

/** Whether the signature (64 bytes) over exactly this message is the key's. Never throws. */
export function verifySr25519(key: VerifyingKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || ((signature[63] ?? 0) & 0x80) === 0) return false;
  const scalar = Uint8Array.from(signature.subarray(32));
  scalar[31] = (scalar[31] ?? 0) & 0x7f;
  if (numberFromLittleEndian(scalar) >= ORDER) return false;
  const R = signature.subarray(0, 32);
  const challenge = transcriptChallenge(message, key.bytes, R);

  prepareVerifying();
  const sum = new Accumulator();
  sum.addMultiple(baseTable as Table, scalar);
  if (key.table !== undefined) {
    sum.addMultiple(key.table, littleEndian(challenge));
    return sameBytes(sum.encode(), R);
  }
  const kA = key.negated.multiplyUnsafe(challenge);
  return sameBytes(new ristretto255.Point(sum.toPoint().add(kA)).toBytes(), R);
}

function buildTable(point: EdwardsPoint, width: number): Table {
  const windows = Math.ceil(256 / width);
  const half = 2 ** (width - 1);
  const points: EdwardsPoint[] = [];
  let base = point;
  for (let window = 0; window < windows; window++) {
    let multiple = base;
    for (let i = 1; i < half; i++) {
      points.push(multiple);
      multiple = multiple.add(base);
    }
    points.push(multiple);
    base = multiple.double();
  }
  const entries = invertAll(points.map((p) => p.Z)).map((inverse, i): Niels => {
    const p = points[i] as EdwardsPoint;
    const x = (p.X * inverse) % P;
    const y = (p.Y * inverse) % P;
    return [(y + x) % P, (y - x + P) % P, (((x * y) % P) * D2) % P];
  });
  return { width, windows, entries };
}

/** Montgomery's trick: one inversion for all. No Z of a point is zero on this curve. */
function invertAll(values: readonly bigint[]): bigint[] {
  const Fp = ed25519.Point.Fp;
  const products: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    products.push(product);
    product = (product * value) % P;
  }
  let inverse = Fp.inv(product);
  const result = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    result[i] = (inverse * (products[i] as bigint)) % P;
    inverse = (inverse * (values[i] as bigint)) % P;
  }
  return result;
}

/** A running sum in extended coordinates of the Edwards curve. */
class Accumulator {
  #x = 0n;
  #y = 1n;
  #z = 1n;
  #t = 0n;

  /** Adds scalar·P from P's table; the scalar is 32 bytes, little endian, below 2^253. */
  addMultiple(table: Table, scalar: Uint8Array): void {
    const half = 2 ** (table.width - 1);
    let carry = 0;
    for (let window = 0; window < table.windows; window++) {
      let digit = bitsAt(scalar, window * table.width, table.width) + carry;
      carry = digit > half ? 1 : 0;
      digit -= carry * 2 * half;
      if (digit !== 0) this.#add(table.entries[window * half + Math.abs(digit) - 1] as Niels, digit < 0);
    }
  }

  /** Mixed addition, 7 multiplications; complete on this curve, so no special cases. */
  #add([sum, difference, product]: Niels, negative: boolean): void {
    const a = multiply(this.#y - this.#x, negative ? sum : difference);
    const b = multiply(this.#y + this.#x, negative ? difference : sum);
    const c = negative ? -multiply(this.#t, product) : multiply(this.#t, product);
    const d = this.#z + this.#z;
    const e = b - a;
    const f = d - c;
    const g = d + c;
    const h = b + a;
    this.#x = multiply(e, f);
    this.#y = multiply(g, h);
    this.#t = multiply(e, h);
    this.#z = multiply(f, g);
  }

  toPoint(): EdwardsPoint {
    return new ed25519.Point(canonical(this.#x), canonical(this.#y), canonical(this.#z), canonical(this.#t));
  }

  encode(): Uint8Array {
    return new ristretto255.Point(this.toPoint()).toBytes();
  }
}

/** Product modulo P, reduced to about 255 bits (2^255 ≡ 19): folding is a third faster than dividing. */
function multiply(a: bigint, b: bigint): bigint {
  const product = a * b;
  const folded = (product & MASK) + (product >> 255n) * 19n;
  return (folded & MASK) + (folded >> 255n) * 19n;
}

function canonical(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function bitsAt(bytes: Uint8Array, position: number, count: number): number {
  const index = position >> 3;
  const word = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8);
  return (word >> (position & 7)) & ((1 << count) - 1);
}

function numberFromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function littleEndian(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** k: what schnorrkel's transcript yields for (message, public key, R), reduced modulo the group order. */
function transcriptChallenge(message: Uint8Array, publicKey: Uint8Array, R: Uint8Array): bigint {
  CONTEXT ??= signingContext();
  const transcript = CONTEXT.clone();
  transcript.append('sign-bytes', message);
  transcript.append('proto-name', ascii('Schnorr-sig'));
  transcript.append('sign:pk', publicKey);
  transcript.append('sign:R', R);
  return numberFromLittleEndian(transcript.challenge('sign:c', 64)) % ORDER;
}

let CONTEXT: Transcript | undefined;

function signingContext(): Transcript {
  const transcript = new Transcript();
  transcript.append('dom-sep', ascii('SigningContext'));
  transcript.append('', ascii('substrate'));
  return transcript;
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** STROBE-128's rate, less its two bytes of padding. */
const RATE = 166;
const META_AD = 0x12;
const AD = 0x02;
const PRF = 0x07;

/** The part of Merlin that verifying needs: https://merlin.cool/transcript/index.html over STROBE-128. */
class Transcript {
  readonly #words = new Uint32Array(50);
  readonly #state = new Uint8Array(this.#words.buffer);
  #position = 0;
  #begin = 0;

  constructor() {
    this.#state.set([1, RATE + 2, 1, 0, 1, 96], 0);
    this.#state.set(ascii('STROBEv1.0.2'), 6);
    keccakP(this.#words);
    this.#operation(META_AD);
    this.#absorb(ascii('Merlin v1.0'));
  }

  clone(): Transcript {
    const copy = new Transcript();
    copy.#words.set(this.#words);
    copy.#position = this.#position;
    copy.#begin = this.#begin;
    return copy;
  }

  append(label: string, data: Uint8Array): void {
    this.#frame(label, data.length);
    this.#operation(AD);
    this.#absorb(data);
  }

  /** At most one block of output, which 64 bytes always are. */
  challenge(label: string, length: number): Uint8Array {
    this.#frame(label, length);
    this.#operation(PRF);
    if (this.#position !== 0) this.#permute();
    return this.#state.slice(0, length);
  }

  #frame(label: string, length: number): void {
    this.#operation(META_AD);
    this.#absorb(ascii(label));
    this.#absorb(Uint8Array.of(length, length >>> 8, length >>> 16, length >>> 24));
  }

  #operation(flags: number): void {
    const previous = this.#begin;
    this.#begin = this.#position + 1;
    this.#absorb(Uint8Array.of(previous, flags));
  }

  #absorb(data: Uint8Array): void {
    for (const byte of data) {
      this.#state[this.#position] = (this.#state[this.#position] ?? 0) ^ byte;
      this.#position += 1;
      if (this.#position === RATE) this.#permute();
    }
  }

  #permute(): void {
    const state = this.#state;
    state[this.#position] = (state[this.#position] ?? 0) ^ this.#begin;
    state[this.#position + 1] = (state[this.#position + 1] ?? 0) ^ 0x04;
    state[RATE + 1] = (state[RATE + 1] ?? 0) ^ 0x80;
    keccakP(this.#words);
    this.#position = 0;
    this.#begin = 0;
  }
}
