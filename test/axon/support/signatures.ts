import * as scure from '@scure/sr25519';

/** One thing to verify. */
export interface Sample {
  readonly kind: string;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const FIELD = 2n ** 255n - 19n;

/** mulberry32: small, seeded, good enough to choose test cases with. */
function random(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (limit: number) => next() % limit;
  const bytes = (length: number) => Uint8Array.from({ length }, () => next() & 0xff);
  return { below, bytes };
}

type Random = ReturnType<typeof random>;

function littleEndian(value: bigint, length = 32): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

interface Signer {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** Encodings that are no canonical point, or special ones: identity, values at and over the field's order, torsion. */
const ODD_POINTS: readonly Uint8Array[] = [
  littleEndian(0n),
  littleEndian(1n),
  littleEndian(2n),
  littleEndian(FIELD - 1n),
  littleEndian(FIELD),
  littleEndian(FIELD + 1n),
  littleEndian(FIELD + 2n),
  littleEndian(2n ** 255n - 1n),
  littleEndian(2n ** 256n - 1n),
  littleEndian(2n ** 255n),
  Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'),
  Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex'),
  Buffer.from('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'hex'),
];

const ODD_SCALARS: readonly bigint[] = [
  0n,
  1n,
  ORDER - 1n,
  ORDER,
  ORDER + 1n,
  2n * ORDER,
  2n ** 255n - 1n,
  2n ** 252n,
];

function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function withScalar(signature: Uint8Array, scalar: bigint, marked = true): Uint8Array {
  const copy = Uint8Array.from(signature);
  copy.set(littleEndian(scalar), 32);
  if (marked) copy[63] = (copy[63] ?? 0) | 0x80;
  return copy;
}

const scalarOf = (signature: Uint8Array) => {
  const bytes = Uint8Array.from(signature.subarray(32));
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  return numberOf(bytes);
};

const KINDS: Record<string, (sample: Sample, signer: Signer, other: Signer, rng: Random) => Sample> = {
  valid: (s) => s,
  'bit of the signature': (s, _a, _b, r) => ({ ...s, signature: flipBit(s.signature, r.below(512)) }),
  'bit of the message': (s, _a, _b, r) => ({
    ...s,
    message: s.message.length === 0 ? r.bytes(1) : flipBit(s.message, r.below(s.message.length * 8)),
  }),
  'bit of the key': (s, _a, _b, r) => ({ ...s, publicKey: flipBit(s.publicKey, r.below(256)) }),
  'another key': (s, _a, b) => ({ ...s, publicKey: b.publicKey }),
  'no marker': (s) => ({ ...s, signature: withScalar(s.signature, scalarOf(s.signature), false) }),
  'scalar plus order': (s) => ({ ...s, signature: withScalar(s.signature, scalarOf(s.signature) + ORDER) }),
  'scalar negated': (s) => ({ ...s, signature: withScalar(s.signature, ORDER - scalarOf(s.signature)) }),
  'odd scalar': (s, _a, _b, r) => ({
    ...s,
    signature: withScalar(s.signature, ODD_SCALARS[r.below(ODD_SCALARS.length)] ?? 0n, r.below(8) > 0),
  }),
  'odd R': (s, _a, _b, r) => {
    const signature = Uint8Array.from(s.signature);
    signature.set(ODD_POINTS[r.below(ODD_POINTS.length)] ?? [], 0);
    return { ...s, signature };
  },
  'odd key': (s, _a, _b, r) => ({
    ...s,
    publicKey: ODD_POINTS[1 + r.below(ODD_POINTS.length - 1)] ?? s.publicKey,
  }),
  'R not canonical': (s) => {
    const signature = Uint8Array.from(s.signature);
    signature.set(littleEndian((numberOf(s.signature.subarray(0, 32)) + FIELD) % 2n ** 256n), 0);
    return { ...s, signature };
  },
  'R negative': (s) => {
    const signature = Uint8Array.from(s.signature);
    signature.set(littleEndian(FIELD - (numberOf(s.signature.subarray(0, 32)) % FIELD)), 0);
    return { ...s, signature };
  },
  'sign bit of R': (s) => ({ ...s, signature: flipBit(s.signature, 255) }),
  'halves swapped': (s) => ({
    ...s,
    signature: Uint8Array.from([...s.signature.subarray(32), ...s.signature.subarray(0, 32)]),
  }),
  'random signature': (s, _a, _b, r) => {
    const signature = r.bytes(64);
    if (r.below(4) > 0) signature[63] = 0x80 | ((signature[63] ?? 0) & 0x0f);
    return { ...s, signature };
  },
  'random key': (s, _a, _b, r) => ({ ...s, publicKey: r.bytes(32) }),
  'wrong length': (s, _a, _b, r) => ({ ...s, signature: r.bytes(r.below(130)) }),
  'wrong key length': (s, _a, _b, r) => ({ ...s, publicKey: r.bytes(r.below(31)) }),
};

/** Samples of all kinds in turn, the same for the same seed. */
export function* samples(seed: number, count: number): Generator<Sample> {
  const rng = random(seed);
  const signers: Signer[] = Array.from({ length: 6 }, () => {
    const secret = scure.secretFromSeed(rng.bytes(32));
    return { secret, publicKey: scure.getPublicKey(secret) };
  });
  const kinds = Object.entries(KINDS);
  let base: { sample: Sample; signer: Signer } | undefined;
  for (let i = 0; i < count; i++) {
    const [kind, change] = kinds[i % kinds.length] ?? ['valid', (s: Sample) => s];
    if (base === undefined || i % kinds.length === 0) {
      const signer = signers[rng.below(signers.length)] as Signer;
      const message = rng.bytes(rng.below(5) === 0 ? rng.below(4) : rng.below(700));
      const signature = scure.sign(signer.secret, message, rng.bytes(32));
      base = { sample: { kind: 'valid', publicKey: signer.publicKey, message, signature }, signer };
    }
    const other = signers[rng.below(signers.length)] as Signer;
    yield { ...change(base.sample, base.signer, other, rng), kind };
  }
}
