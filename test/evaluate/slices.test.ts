import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/evaluate/answers/answers.ts';
import { slicesOf } from '../../src/evaluate/slices.ts';
import type { Picture } from '../../src/evaluate/views/picture.ts';
import { views } from '../../src/evaluate/views/views.ts';
import { worstPictures } from '../../src/evaluate/worst.ts';

function picture(name: string, more: Partial<Picture> = {}): Picture {
  return {
    sha256: name.padEnd(64, '0'),
    name,
    label: 1,
    group: name,
    source: null,
    tags: [],
    objects: [],
    read: async () => new Uint8Array(),
    ...more,
  };
}

function answers(of: Picture, p: number | readonly number[], [width, height] = [640, 480]): Answer[] {
  return views([of]).map((view, i) => ({
    view,
    p: typeof p === 'number' ? p : (p[i] ?? 0.99),
    failed: null,
    remembered: false,
    width: width ?? 0,
    height: height ?? 0,
  }));
}

describe('slices', () => {
  const all = [
    ...answers(picture('a', { source: 'natix', tags: ['weather:rain', 'night'] }), 0.9),
    ...answers(picture('b', { source: 'drawn', tags: ['weather:rain', 'weather:rain'] }), 0.9, [4032, 3024]),
    ...answers(picture('c', { source: 'drawn' }), 0.9, [224, 224]),
  ];
  const found = slicesOf(all).map(({ by, value, answers: part }) => `${by} ${value}: ${part.length}`);

  it('are by level, size, source and tag, in a fixed order', () => {
    expect(found).toEqual([
      'level 0: 6',
      'level 1: 6',
      'level 2: 6',
      'level 3: 6',
      'size up to 224 × 224: 9',
      'size up to 1 MP: 9',
      'size up to 16 MP: 9',
      'source drawn: 18',
      'source natix: 9',
      'tag night: 9',
      'tag weather:rain: 18',
    ]);
    expect(slicesOf([...all].reverse()).map(({ by, value }) => `${by} ${value}`)).toEqual(
      found.map((line) => line.replace(/: \d+$/, '')),
    );
  });

  it('leave out what all answers share', () => {
    const same = slicesOf(answers(picture('a', { source: 'one', tags: ['day'] }), 0.9));
    expect(new Set(same.map(({ by }) => by))).toEqual(new Set(['level']));
  });
});

describe('the worst pictures', () => {
  it('are those with the largest share of wrong views, each with the view that is furthest off', () => {
    const right = answers(picture('right'), 0.9);
    const once = answers(picture('once'), [0.9, 0.4, 0.9]);
    const never = answers(picture('never', { label: 0 }), [0.7, 0.6, 0.98]);
    const half = answers(picture('half'), [0.5, 0.5]);
    const found = worstPictures([...right, ...once, ...never, ...half], 2);
    expect(found.map(({ picture: { name }, wrong, views: of }) => [name, wrong, of])).toEqual([
      ['never', 9, 9],
      ['half', 2, 9],
    ]);
    expect(found[0]?.worst.p).toBe(0.99);
    expect(worstPictures(right, 10)).toEqual([]);
  });
});
