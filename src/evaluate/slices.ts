import type { Answer } from './answers/answers.ts';

/** A part of the answers that share something. */
export interface Slice {
  readonly by: 'level' | 'size' | 'source' | 'tag';
  readonly value: string;
  readonly answers: readonly Answer[];
}

/**
 * Parts by augmentation level (of generations 1 and 2), by size of the picture, by source and by tag. What all answers
 * share is no part.
 */
export function slicesOf(answers: readonly Answer[]): Slice[] {
  const parts = new Map<string, { by: Slice['by']; value: string; answers: Answer[] }>();
  const add = (by: Slice['by'], value: string, answer: Answer): void => {
    const key = `${by} ${value}`;
    const part = parts.get(key) ?? { by, value, answers: [] };
    if (part.answers.length === 0) parts.set(key, part);
    part.answers.push(answer);
  };
  for (const answer of answers) {
    const { picture, level } = answer.view;
    if (level !== null) add('level', String(level), answer);
    add('size', sizeOf(answer), answer);
    if (picture.source !== null) add('source', picture.source, answer);
    for (const tag of new Set(picture.tags)) add('tag', tag, answer);
  }
  const order: readonly Slice['by'][] = ['level', 'size', 'source', 'tag'];
  const sizes = SIZES.map(([name]) => name);
  const rank = ({ by, value }: Slice): number => (by === 'size' ? sizes.indexOf(value) : 0);
  return [...parts.values()]
    .filter((part) => part.answers.length < answers.length)
    .sort(
      (a, b) =>
        order.indexOf(a.by) - order.indexOf(b.by) ||
        rank(a) - rank(b) ||
        a.value.localeCompare(b.value, 'en'),
    );
}

/** Pixels up to which a picture belongs to a class. */
const SIZES: readonly (readonly [string, number])[] = [
  ['up to 224 × 224', 224 * 224],
  ['up to 1 MP', 1e6],
  ['up to 4 MP', 4e6],
  ['up to 16 MP', 16e6],
  ['larger', Number.POSITIVE_INFINITY],
];

function sizeOf({ width, height }: Answer): string {
  return SIZES.find(([, most]) => width * height <= most)?.[0] ?? 'larger';
}
