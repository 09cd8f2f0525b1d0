import { ed25519, ristretto255 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startEngine } from '../../../src/axon/sr25519/engine.ts';
import { decodeVerifyingKey, prepareVerifyingKey } from '../../../src/axon/sr25519-verify.ts';

const P = 2n ** 255n - 19n;
const D2 = (2n * ed25519.Point.CURVE().d) % P;
const modP = (value: bigint) => ((value % P) + P) % P;
const numberOf = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const bytesOf = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();

/** The negated point by the other implementation; undefined where it finds none, or the identity. */
function expectedPoint(bytes: Uint8Array): { x: bigint; y: bigint } | undefined {
  try {
    const point = ristretto255.Point.fromBytes(bytes);
    return point.equals(ristretto255.Point.ZERO) ? undefined : point.negate().toAffine();
  } catch {
    return undefined;
  }
}

function decoded(bytes: Uint8Array): { x: bigint; y: bigint } | undefined {
  const negated = decodeVerifyingKey(bytes)?.negated;
  return negated && { x: numberOf(negated.subarray(0, 32)), y: numberOf(negated.subarray(32)) };
}

test('decodes what is an encoding and nothing else', () => {
  const ends = [
    0n,
    1n,
    2n,
    (P - 1n) / 2n,
    P - 2n,
    P - 1n,
    P,
    P + 1n,
    P + 2n,
    2n ** 255n - 2n,
    2n ** 255n - 1n,
  ];
  // The roots of −1 and of 1: where y would be infinite, or zero.
  const root = ed25519.Point.Fp.sqrt(P - 1n);
  for (const value of [...ends, root, P - root]) {
    expect(decoded(bytesOf(value))).toEqual(expectedPoint(bytesOf(value)));
    expect(decoded(bytesOf(value + 2n ** 255n))).toBeUndefined();
  }
  const small = fc.integer({ min: 0, max: 4_000 }).map(BigInt);
  const value = fc.oneof(
    small,
    small.map((n) => P + n),
    small.map((n) => P - n),
    fc.bigInt({ min: 0n, max: P - 1n }).map((n) => n - (n % 2n)),
  );
  fc.assert(
    fc.property(value, (n) => {
      expect(decoded(bytesOf(n))).toEqual(expectedPoint(bytesOf(n)));
    }),
    { numRuns: 2_000 },
  );
});

test('small multiples of the base point and their opposites decode', () => {
  let point = ristretto255.Point.BASE;
  for (let i = 0; i < 40; i++) {
    for (const one of [point, point.negate()]) {
      const bytes = one.toBytes();
      expect(decoded(bytes)).toEqual(expectedPoint(bytes));
      expect(decoded(bytes)).toBeDefined();
    }
    point = point.add(ristretto255.Point.BASE);
  }
});

test('a table holds the multiples of every fourth window', () => {
  const { calls } = startEngine();
  const packed = (limbs: Uint8Array) => {
    const at = calls.table.value;
    new Uint8Array(calls.memory.buffer, at, 40).set(limbs);
    calls.pack(at + 40, at);
    return numberOf(new Uint8Array(calls.memory.buffer, at + 40, 32));
  };
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 252n }), (secret) => {
      const key = decodeVerifyingKey(ristretto255.Point.BASE.multiply(secret).toBytes());
      if (key === undefined) throw new Error('not a key');
      prepareVerifyingKey(key);
      const table = key.table as Uint8Array;
      expect(table.length).toBe(13 * 16 * 120);
      const { x, y } = { x: numberOf(key.negated.subarray(0, 32)), y: numberOf(key.negated.subarray(32)) };
      let base = ed25519.Point.fromAffine({ x, y });
      for (let row = 0; row < 13; row++) {
        let multiple = base;
        for (let i = 0; i < 16; i++) {
          const at = (16 * row + i) * 120;
          const entry = [0, 40, 80].map((part) => packed(table.subarray(at + part, at + part + 40)));
          const { x, y } = multiple.toAffine();
          expect(entry).toEqual([modP(y + x), modP(y - x), modP(x * y * D2)]);
          multiple = multiple.add(base);
        }
        for (let i = 0; i < 20; i++) base = base.double();
      }
    }),
    { numRuns: 4 },
  );
});
