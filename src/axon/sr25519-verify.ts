import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import { keccakP } from '@noble/hashes/sha3.js';

/**
 * Verification of sr25519 signatures (schnorrkel, signing context "substrate") for a few signers seen often.
 *
 * A signature is R ‖ s with a marker bit; it is valid when s·B − k·A = R, where k is a Merlin transcript challenge over
 * message, A and R. R must be spelled canonically, as schnorrkel demands by comparing encodings. Only public data is
 * handled, so nothing here needs constant time.
 */

const P = 2n ** 255n - 19n;
const MASK = 2n ** 255n - 1n;
const ORDER = ristretto255.Point.Fn.ORDER;
const D2 = (2n * ed25519.Point.CURVE().d) % P;

type EdwardsPoint = InstanceType<typeof ed25519.Point>;
type RistrettoPoint = InstanceType<typeof ristretto255.Point>;

/** Scalars are below 2^253; digits are signed and of this many bits. */
const WIDTH = 5;
const HALF = 2 ** (WIDTH - 1);
const WINDOWS = 52;

/**
 * Multiples of a point P that make multiplying it cheap: for every `stride`-th window, 1 … HALF times 2^(WIDTH·window)·P,
 * each as three numbers in the form that makes adding it cheapest: y+x, y−x, 2·d·x·y. The windows between are reached by
 * doubling, WIDTH times each; so a larger stride makes a smaller table and a slower multiplication.
 */
interface Table {
  readonly stride: number;
  readonly entries: readonly bigint[];
}

/** A decoded public key, and its table once the key is worth one. */
export interface VerifyingKey {
  readonly bytes: Uint8Array;
  readonly negated: EdwardsPoint;
  table: Table | undefined;
}

const BASE_STRIDE = 1;
const KEY_STRIDE = 4;
let baseTable: Table | undefined;

/**
 * @param publicKey 32 bytes
 * @returns undefined when the bytes are no point, or the identity (which would accept anybody's signature)
 */
export function decodeVerifyingKey(publicKey: Uint8Array): VerifyingKey | undefined {
  if (publicKey.length !== 32) return undefined;
  const point = decodePoint(publicKey);
  if (point === undefined || point.equals(ristretto255.Point.ZERO)) return undefined;
  const negated = ed25519.Point.fromAffine(point.negate().toAffine());
  return { bytes: Uint8Array.from(publicKey), negated, table: undefined };
}

/** Does now what the first check would do: the base point's table (0.14 MB), some 20 ms on a cold start. */
export function prepareVerifying(): void {
  baseTable ??= buildTable(ed25519.Point.BASE, BASE_STRIDE);
}

/** Builds the key's table (35 kB, 2 to 3 ms); multiplying by it takes a sixth of the time afterwards. */
export function prepareVerifyingKey(key: VerifyingKey): void {
  key.table ??= buildTable(key.negated, KEY_STRIDE);
}

/** Whether the signature (64 bytes) over exactly this message is the key's. Never throws. */
export function verifySr25519(key: VerifyingKey, message: Uint8Array, signature: Uint8Array): boolean {
  return verifyAnySr25519(key, [message], signature);
}

/** Whether the signature is the key's over one of these messages: what does not depend on the message is done once. */
export function verifyAnySr25519(
  key: VerifyingKey,
  messages: readonly Uint8Array[],
  signature: Uint8Array,
): boolean {
  if (signature.length !== 64 || ((signature[63] ?? 0) & 0x80) === 0) return false;
  const scalar = Uint8Array.from(signature.subarray(32));
  scalar[31] = (scalar[31] ?? 0) & 0x7f;
  if (numberFromLittleEndian(scalar) >= ORDER) return false;
  const encodedR = signature.subarray(0, 32);
  const R = decodePoint(encodedR);
  if (R === undefined) return false;

  prepareVerifying();
  const sB = multiplyByTable(baseTable as Table, scalar);
  return messages.some((message) => {
    const k = transcriptChallenge(message, key.bytes, encodedR);
    const kA =
      key.table === undefined ? key.negated.multiplyUnsafe(k) : multiplyByTable(key.table, littleEndian(k));
    return new ristretto255.Point(sB.add(kA)).equals(R);
  });
}

/** Undefined for anything but the one canonical spelling of a point. */
function decodePoint(bytes: Uint8Array): RistrettoPoint | undefined {
  try {
    return ristretto255.Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

function buildTable(point: EdwardsPoint, stride: number): Table {
  const points: EdwardsPoint[] = [];
  let base = point;
  for (let window = 0; window < WINDOWS; window += stride) {
    let multiple = base;
    for (let i = 1; i < HALF; i++) {
      points.push(multiple);
      multiple = multiple.add(base);
    }
    points.push(multiple);
    // HALF·base is 2^(WIDTH−1)·base.
    base = multiple.double();
    for (let i = 0; i < (stride - 1) * WIDTH; i++) base = base.double();
  }
  const entries = invertAll(points.map((p) => p.Z)).flatMap((inverse, i) => {
    const p = points[i] as EdwardsPoint;
    const x = (p.X * inverse) % P;
    const y = (p.Y * inverse) % P;
    return [(y + x) % P, (y - x + P) % P, (((x * y) % P) * D2) % P];
  });
  return { stride, entries };
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

/** scalar·P from P's table; the scalar is 32 bytes, little endian, below 2^253. */
function multiplyByTable({ stride, entries }: Table, scalar: Uint8Array): EdwardsPoint {
  const digits = signedDigits(scalar);
  const sum = new Accumulator();
  for (let phase = stride - 1; phase >= 0; phase--) {
    for (let window = phase; window < WINDOWS; window += stride) {
      const digit = digits[window] as number;
      if (digit === 0) continue;
      const row = ((window - phase) / stride) * HALF;
      sum.add(entries, (row + Math.abs(digit) - 1) * 3, digit < 0);
    }
    if (phase > 0) for (let i = 0; i < WIDTH; i++) sum.double();
  }
  return sum.toPoint();
}

/** Digits from −HALF+1 to HALF, lowest first. */
function signedDigits(scalar: Uint8Array): Int8Array {
  const digits = new Int8Array(WINDOWS);
  let carry = 0;
  for (let window = 0; window < WINDOWS; window++) {
    const digit = bitsAt(scalar, window * WIDTH, WIDTH) + carry;
    carry = digit > HALF ? 1 : 0;
    digits[window] = digit - carry * 2 * HALF;
  }
  return digits;
}

/** A running sum in extended coordinates of the Edwards curve. */
class Accumulator {
  #x = 0n;
  #y = 1n;
  #z = 1n;
  #t = 0n;

  /** Adds the table entry at `at`. Mixed addition, 7 multiplications; complete on this curve, so no special cases. */
  add(entries: readonly bigint[], at: number, negative: boolean): void {
    const sum = entries[negative ? at + 1 : at] as bigint;
    const difference = entries[negative ? at : at + 1] as bigint;
    const product = multiply(this.#t, entries[at + 2] as bigint);
    const a = multiply(this.#y - this.#x, difference);
    const b = multiply(this.#y + this.#x, sum);
    const c = negative ? -product : product;
    const d = this.#z + this.#z;
    this.#combine(b - a, d - c, d + c, b + a);
  }

  /** "dbl-2008-hwcd" of the Explicit-Formulas Database, for a = −1 and with all signs turned. */
  double(): void {
    const a = multiply(this.#x, this.#x);
    const b = multiply(this.#y, this.#y);
    const c = multiply(this.#z, this.#z);
    const xy = this.#x + this.#y;
    const h = a + b;
    const e = h - multiply(xy, xy);
    const g = a - b;
    this.#combine(e, c + c + g, g, h);
  }

  #combine(e: bigint, f: bigint, g: bigint, h: bigint): void {
    this.#x = multiply(e, f);
    this.#y = multiply(g, h);
    this.#t = multiply(e, h);
    this.#z = multiply(f, g);
  }

  toPoint(): EdwardsPoint {
    return new ed25519.Point(canonical(this.#x), canonical(this.#y), canonical(this.#z), canonical(this.#t));
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
