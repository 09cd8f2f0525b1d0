import { describe, expect, it } from 'vitest';
import { compare, type Pair } from '../../../src/evaluate/figures/compare.ts';
import { drawnAnswers } from './answers.ts';

function pairs(first: number, second: number, pictures = 400, views = 1): Pair[] {
  const b = drawnAnswers(pictures, views, second, 2);
  return drawnAnswers(pictures, views, first, 1).map(({ label, cluster, p }, i) => ({
    label,
    cluster,
    first: p,
    second: b[i]?.p ?? 0,
  }));
}

const swapped = (list: readonly Pair[]): Pair[] =>
  list.map(({ first, second, ...rest }) => ({ ...rest, first: second, second: first }));

describe('comparing two models', () => {
  it('says that the better one is better, whichever it is', () => {
    const list = pairs(0.85, 0.95);
    const found = compare(list);
    expect(found.verdict).toBe('second');
    expect(found.reward.difference).toBeGreaterThan(0.1);
    expect(found.reward.low).toBeGreaterThan(0);
    expect(found.mcnemar.p).toBeLessThan(0.001);
    const other = compare(swapped(list));
    expect(other.verdict).toBe('first');
    expect(other.reward.difference).toBeCloseTo(-(found.reward.difference ?? 0), 12);
    expect(other.mcnemar).toEqual({
      onlyFirst: found.mcnemar.onlySecond,
      onlySecond: found.mcnemar.onlyFirst,
      p: found.mcnemar.p,
    });
  });

  it('finds nothing between a model and itself', () => {
    const same = pairs(0.9, 0.9).map((pair) => ({ ...pair, second: pair.first }));
    expect(compare(same)).toMatchObject({
      flips: 0,
      largest: 0,
      mean: 0,
      mcnemar: { onlyFirst: 0, onlySecond: 0, p: 1 },
      clusters: { betterFirst: 0, betterSecond: 0, same: 400, p: 1 },
      reward: { difference: 0, low: 0, high: 0 },
      verdict: 'undecided',
    });
  });

  it('stays undecided between equals, nearly always', () => {
    const wrong = Array.from({ length: 20 }, (_, i) => {
      const [a, b] = [drawnAnswers(200, 1, 0.9, 100 + i), drawnAnswers(200, 1, 0.9, 500 + i)];
      const list = a.map(({ label, cluster, p }, k) => ({ label, cluster, first: p, second: b[k]?.p ?? 0 }));
      return compare(list, { resamples: 150 }).verdict;
    }).filter((verdict) => verdict !== 'undecided');
    expect(wrong.length).toBeLessThanOrEqual(3);
  });

  it('is not taken in by many views of few pictures', () => {
    // Eight pictures on which the second is better, forty views each: 320 flips, but no more than eight witnesses.
    const list = pairs(0.99, 0.99, 16).flatMap((pair, i) =>
      Array.from({ length: 40 }, () => ({
        ...pair,
        first: i < 4 ? 1 - pair.label : pair.label,
        second: pair.label,
      })),
    );
    const found = compare(list);
    expect(found.mcnemar.p).toBeLessThan(1e-9);
    expect(found.clusters).toMatchObject({ betterFirst: 0, betterSecond: 4, p: 0.125 });
    expect(found.verdict).toBe('undecided');
  });

  it('counts flips and the largest difference', () => {
    const pair = (first: number, second: number): Pair => ({ label: 1, cluster: 'a', first, second });
    const found = compare([pair(0.4, 0.6), pair(0.5, 0.51), pair(0.9, 0.7)]);
    expect(found.flips).toBe(2);
    expect(found.largest).toBeCloseTo(0.2, 12);
    expect(found.reward.difference).toBeNull();
    expect(found.verdict).toBe('undecided');
  });
});
