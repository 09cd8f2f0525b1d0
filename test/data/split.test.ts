import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitByGroup } from '../../src/data/index.ts';
import { hashDistance, NEAR_DISTANCE } from '../../src/data/phash.ts';

const SHARES = { train: 0.7, validation: 0.15, test: 0.15 };

const hex = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''));

/** Few groups and few hashes, with some bits of each turned over, so that chains of likeness appear. */
const pictures = fc
  .tuple(fc.array(hex(16), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 30 }))
  .chain(([hashes, groups]) =>
    fc.array(
      fc.record({
        sha256: hex(64),
        label: fc.constantFrom(0 as const, 1 as const),
        group: fc.integer({ min: 0, max: groups }).map(String),
        phash: fc
          .tuple(fc.constantFrom(...hashes), fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 5 }))
          .map(([hash, flips]) =>
            flips
              .reduce((bits, flip) => bits ^ (1n << BigInt(flip)), BigInt(`0x${hash}`))
              .toString(16)
              .padStart(16, '0'),
          ),
      }),
      { maxLength: 60 },
    ),
  );

describe('whatever the pictures', () => {
  test('no place and no two alike pictures are in two splits', () => {
    fc.assert(
      fc.property(pictures, fc.nat(), (set, seed) => {
        const splits = splitByGroup(set, { seed, shares: SHARES });
        expect(splits).toHaveLength(set.length);
        set.forEach((a, i) => {
          for (const [j, b] of set.slice(0, i).entries()) {
            if (a.group === b.group || hashDistance(a.phash, b.phash) <= NEAR_DISTANCE) {
              expect(splits[i]).toBe(splits[j]);
            }
          }
        });
      }),
    );
  });

  test('the order in which they come makes no difference', () => {
    fc.assert(
      fc.property(pictures, fc.nat(), (set, seed) => {
        const distinct = [...new Map(set.map((one) => [one.sha256, one])).values()];
        const options = { seed, shares: SHARES };
        expect(splitByGroup(distinct.toReversed(), options).toReversed()).toEqual(
          splitByGroup(distinct, options),
        );
      }),
    );
  });
});

/** Pictures alone in their place that look like no other: the hashes are words of a code with distance 8. */
function alone(count: number, positives: number) {
  return Array.from({ length: count }, (_, index) => ({
    sha256: index.toString(16).padStart(64, '0'),
    label: index < positives ? (1 as const) : (0 as const),
    group: `g${index}`,
    phash: index.toString(16).padStart(2, '0').repeat(8),
  }));
}

describe('shares', () => {
  test('each class is shared out on its own', () => {
    const set = alone(200, 160);
    const splits = splitByGroup(set, { seed: 1, shares: { train: 0.8, validation: 0.1, test: 0.1 } });
    const count = (label: number, split: string) =>
      set.filter((one, index) => one.label === label && splits[index] === split).length;
    expect([0, 1].map((l) => ['train', 'validation', 'test'].map((s) => count(l, s)))).toEqual([
      [32, 4, 4],
      [128, 16, 16],
    ]);
  });

  test('another seed, another split; a share of nothing stays empty', () => {
    const set = alone(100, 50);
    const all = { train: 0.5, validation: 0.5, test: 0 };
    const one = splitByGroup(set, { seed: 1, shares: all });
    expect(splitByGroup(set, { seed: 1, shares: all })).toEqual(one);
    expect(splitByGroup(set, { seed: 2, shares: all })).not.toEqual(one);
    expect(one).not.toContain('test');
  });

  test('a place with half of the pictures stays whole, and the rest makes up for it', () => {
    const set = alone(100, 50).map((one, index) => ({ ...one, group: index % 2 ? 'plaza' : one.group }));
    const splits = splitByGroup(set, { seed: 0, shares: { train: 0.5, validation: 0.25, test: 0.25 } });
    expect(splits.filter((split) => split === 'train')).toHaveLength(50);
    expect(splits.filter((split) => split === 'test').length).toBeGreaterThan(20);
  });
});
