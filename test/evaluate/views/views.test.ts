import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../../../src/evaluate/views/picture.ts';
import { views } from '../../../src/evaluate/views/views.ts';

function picture(name: string, objects: Picture['objects'] = []): Picture {
  const sha256 = name.padEnd(64, '0');
  return {
    sha256,
    name,
    label: 1,
    group: name,
    source: null,
    tags: [],
    objects,
    read: async () => new Uint8Array(),
  };
}
const keys = (...args: Parameters<typeof views>): string[] => views(...args).map(({ key }) => key);

describe('the views of pictures', () => {
  it('are one for each level of generations 1 and 2, and one of generation 3', () => {
    const found = views([picture('a')]);
    expect(found.map(({ generation, level }) => [generation, level])).toEqual([
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 0],
      [2, 1],
      [2, 2],
      [2, 3],
      [3, null],
    ]);
  });

  it('are several where something is random, and no more than one where nothing is', () => {
    const found = views([picture('a')], { draws: 3 });
    expect(found).toHaveLength(2 * (1 + 3 * 3) + 1);
    expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
  });

  it('have a name of their own each, which does not depend on what else is asked for', () => {
    const one = keys([picture('a')], { generations: [2], levels: [3] });
    const all = keys([picture('b'), picture('a'), picture('c')], { draws: 2 });
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain(one[0]);
  });

  it('with another seed are others, except where nothing is random', () => {
    const [a, b] = [keys([picture('a')], { seed: 1 }), keys([picture('a')], { seed: 2 })];
    const same = a.filter((key) => b.includes(key));
    expect(same).toEqual([a[0], a[4], a[8]]);
  });

  it('with a free crop or other colours are others only where that matters', () => {
    const at = [picture('a', [{ x: 3, y: 4 }])];
    const differing = (options: Parameters<typeof views>[1]): unknown[] => {
      const usual = keys(at);
      return views(at, options).flatMap(({ key, generation, level }) =>
        usual.includes(key) ? [] : [`${generation}-${level}`],
      );
    };
    expect(differing({ freeCrop: true })).toEqual(['1-1', '1-2', '1-3']);
    expect(differing({ colours: 'floats' })).toEqual(['1-2', '1-3', '2-2', '2-3']);
    // Without a known object the crop falls anywhere anyway.
    expect(keys([picture('a')], { freeCrop: true })).toEqual(keys([picture('a')]));
  });

  it('of any pictures have distinct names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[1-9a-f]{1,10}$/), { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        (names, draws) => {
          const all = keys(
            names.map((name) => picture(name)),
            { draws },
          );
          expect(new Set(all).size).toBe(all.length);
        },
      ),
      { numRuns: 30 },
    );
  });
});
