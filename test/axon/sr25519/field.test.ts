import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startEngine } from '../../../src/axon/sr25519/engine.ts';

const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const { calls } = startEngine();
const words = new DataView(calls.memory.buffer);
const [F, G, OUT, BYTES] = [0, 40, 80, 120].map((at) => calls.table.value + at) as [
  number,
  number,
  number,
  number,
];

/** Where limb i begins, in bits. */
const POSITIONS = Array.from({ length: 10 }, (_, i) => BigInt(Math.ceil(25.5 * i)));
const parity = (i: number, even: number, odd: number) => (i % 2 === 0 ? even : odd);

const write = (at: number, limbs: readonly number[]) => {
  for (const [i, limb] of limbs.entries()) words.setInt32(at + 4 * i, limb, true);
};
const read = (at: number) => POSITIONS.map((_, i) => words.getInt32(at + 4 * i, true));
const total = (limbs: readonly number[]) =>
  limbs.reduce((sum, limb, i) => sum + (BigInt(limb) << (POSITIONS[i] as bigint)), 0n);
const modP = (value: bigint) => ((value % P) + P) % P;
const numberAt = (at: number, length = 32) =>
  BigInt(
    `0x${Buffer.from(new Uint8Array(calls.memory.buffer, at, length))
      .reverse()
      .toString('hex')}`,
  );
const writeNumber = (at: number, value: bigint, length = 32) => {
  const bytes = Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex').reverse();
  new Uint8Array(calls.memory.buffer, at, length).set(bytes);
};

/** Limbs as large as a factor's may be, often exactly so. */
const factor = fc.tuple(
  ...POSITIONS.map((_, i) => {
    const most = parity(i, 4 * (2 ** 26 + 2 ** 17), 4 * (2 ** 25 + 2 ** 17));
    const special = [most, -most, 0, 1, -1, parity(i, 2 ** 26, 2 ** 25), parity(i, 2 ** 26 - 1, 2 ** 25 - 1)];
    return fc.oneof(fc.integer({ min: -most, max: most }), fc.constantFrom(...special));
  }),
);
const most = (sign: (i: number) => number) =>
  POSITIONS.map((_, i) => sign(i) * parity(i, 4 * (2 ** 26 + 2 ** 17), 4 * (2 ** 25 + 2 ** 17)));
const EXTREMES = [
  most(() => 1),
  most(() => -1),
  most((i) => parity(i, 1, -1)),
  most((i) => (i < 5 ? 1 : -1)),
  most((i) => (i === 9 ? -1 : 1)),
];

function expectProduct(value: bigint): void {
  expect(modP(total(read(OUT)))).toBe(modP(value));
  for (const [i, limb] of read(OUT).entries()) {
    expect(Math.abs(limb)).toBeLessThanOrEqual(parity(i, 2 ** 26, 2 ** 25) + 2 ** 17);
  }
}

test('products of all that a factor may be', () => {
  const check = (f: readonly number[], g: readonly number[]) => {
    write(F, f);
    write(G, g);
    calls.multiply(OUT, F, G);
    expectProduct(total(f) * total(g));
    calls.square(OUT, F);
    expectProduct(total(f) ** 2n);
  };
  for (const f of EXTREMES) for (const g of EXTREMES) check(f, g);
  fc.assert(fc.property(factor, factor, check), { numRuns: 2_000 });
});

test('a product may overwrite its factors', () => {
  fc.assert(
    fc.property(factor, factor, (f, g) => {
      write(OUT, f);
      write(G, g);
      calls.multiply(OUT, OUT, G);
      expectProduct(total(f) * total(g));
      write(OUT, f);
      calls.square(OUT, OUT);
      expectProduct(total(f) ** 2n);
    }),
  );
});

test('the one spelling below p', () => {
  const check = (limbs: readonly number[]) => {
    write(F, limbs);
    calls.pack(BYTES, F);
    expect(numberAt(BYTES)).toBe(modP(total(limbs)));
    expect(read(F)).toEqual(limbs);
  };
  for (const limbs of EXTREMES) check(limbs);
  fc.assert(fc.property(factor, check), { numRuns: 2_000 });
});

test('values at the ends, through limbs and back', () => {
  const ends = [
    0n,
    2n ** 51n,
    2n ** 128n,
    P - 1n,
    P,
    P + 1n,
    P + 18n,
    2n ** 255n - 1n,
    2n ** 255n,
    2n ** 256n - 1n,
  ];
  const check = (value: bigint) => {
    writeNumber(BYTES, value);
    calls.unpack(F, BYTES);
    expect(total(read(F))).toBe(value % 2n ** 255n);
    calls.pack(BYTES, F);
    expect(numberAt(BYTES)).toBe(modP(value % 2n ** 255n));
  };
  for (const end of ends)
    for (const d of [-2n, -1n, 0n, 1n, 2n]) if (end + d >= 0n && end + d < 2n ** 256n) check(end + d);
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), check));
});

test('differences that are a multiple of p are zero', () => {
  const multiples = [-3n, -2n, -1n, 0n, 1n, 2n, 3n];
  for (const multiple of multiples) {
    for (const d of [-1n, 0n, 1n]) {
      // All in the last limb but for what the first takes up, as carries would never leave it.
      const limbs = read(F).fill(0);
      limbs[9] = Number(multiple * 2n ** 25n);
      limbs[0] = Number(-19n * multiple + d);
      write(F, limbs);
      calls.pack(BYTES, F);
      expect(numberAt(BYTES)).toBe(modP(d));
    }
  }
});

test('512 bits modulo the group’s order', () => {
  const check = (value: bigint) => {
    writeNumber(F, value, 64);
    calls.reduceWide(OUT, F);
    expect(numberAt(OUT)).toBe(value % ORDER);
  };
  const quotients = [
    0n,
    1n,
    2n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 128n,
    2n ** 259n,
    (2n ** 512n - 1n) / ORDER,
  ];
  for (const quotient of quotients) {
    for (const d of [-1n, 0n, 1n, 2n ** 252n - 1n, 2n ** 252n]) {
      const value = quotient * ORDER + d;
      if (value >= 0n && value < 2n ** 512n) check(value);
    }
  }
  for (const end of [2n ** 252n, 2n ** 256n, 2n ** 284n, 2n ** 512n]) check(end - 1n);
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 512n - 1n }), check), { numRuns: 2_000 });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 259n }), fc.bigInt({ min: -3n, max: 3n }), (quotient, d) =>
      check(quotient === 0n ? 0n : quotient * ORDER + d),
    ),
  );
});

test('numbers below the group’s order', () => {
  const check = (value: bigint) => {
    writeNumber(BYTES, value);
    expect(calls.isScalar(BYTES)).toBe(value < ORDER ? 1 : 0);
  };
  const ends = [0n, 2n ** 64n, 2n ** 128n, ORDER, ORDER + 2n ** 64n, ORDER - 2n ** 64n, ORDER + 2n ** 128n];
  for (const end of [...ends, 2n ** 252n, 2n ** 253n, 2n ** 255n]) {
    for (const d of [-1n, 0n, 1n]) if (end + d >= 0n) check(end + d);
  }
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), check));
  fc.assert(fc.property(fc.bigInt({ min: ORDER - 2n ** 130n, max: ORDER + 2n ** 130n }), check));
});
