import fc from 'fast-check';
import type { Judged } from '../../../src/evaluate/figures/table.ts';
import { createRandom } from '../../../src/simulate/index.ts';

/** Any answers, with ties, exact halves and shared clusters. */
export const anyAnswers = fc.array(
  fc.record({
    label: fc.constantFrom(0 as const, 1 as const),
    p: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.25, 0.5, 0.75, 1)),
    cluster: fc.integer({ min: 0, max: 20 }).map(String),
  }),
  { minLength: 1, maxLength: 60 },
);

/** Answers of a model that is right as often as said, several views for each picture. */
export function drawnAnswers(
  pictures: number,
  views: number,
  right: number,
  seed: number,
): (Judged & { key: string })[] {
  const rng = createRandom(seed, 'answers');
  return Array.from({ length: pictures * views }, (_, i) => {
    const picture = Math.floor(i / views);
    const label = picture % 2 === 0 ? 0 : 1;
    const correct = rng.chance(right);
    const sure = rng.uniform(0.5, 1);
    return {
      label,
      p: correct === (label === 1) ? sure : 1 - sure,
      cluster: String(picture),
      key: String(i),
    };
  });
}
