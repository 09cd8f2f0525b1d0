import { isNonCommercial, type WrittenDataset } from '../data/index.ts';
import type { ResultOf } from '../results/index.ts';
import { count, size } from './numbers.ts';

/** A dataset that was just made, for people: the result, and what is worth a remark. */
export function writtenLines({ dataset, leftOut, duplicates }: WrittenDataset): {
  lines: string[];
  notes: string[];
} {
  const { manifest, dir } = dataset;
  const { pictures, bytes, train, validation, test } = manifest.counts;
  const lines = [
    `${dir}: ${count(pictures)} pictures, ${size(bytes)}`,
    ...Object.entries({ train, validation, test }).map(
      ([split, { none, roadwork }]) =>
        `  ${split.padEnd(10)} ${count(roadwork).padStart(7)} roadwork ${count(none).padStart(7)} none`,
    ),
    ...(duplicates > 0 ? [`  ${count(duplicates)} were there twice and are kept once`] : []),
  ];
  const notes = manifest.sources
    .filter(({ licence }) => isNonCommercial(licence))
    .map(({ id, licence }) => `${id} is under ${licence}, which forbids to earn with it.`);
  if (leftOut.length > 0) {
    notes.push(`${count(leftOut.length)} pictures were left out; left-out.jsonl lists them:`);
    notes.push(...leftOut.slice(0, 5).map(({ origin, reason }) => `  ${origin}: ${reason}`));
  }
  for (const [label, have] of [
    ['with road works', train.roadwork + validation.roadwork + test.roadwork],
    ['without road works', train.none + validation.none + test.none],
  ] as const) {
    if (have === 0)
      notes.push(`There is no picture ${label}: training needs both, from this set or another.`);
  }
  const shares = manifest.split.shares;
  const bare = (['validation', 'test'] as const).filter((split) => {
    const { none, roadwork } = manifest.counts[split];
    return shares[split] > 0 && (none === 0 || roadwork === 0);
  });
  if (bare.length > 0) {
    notes.push(
      `A class is missing for ${bare.join(' and ')}: the set is small, or its places and look-alikes are few.`,
    );
  }
  return { lines, notes };
}

export function writtenJson({ dataset, leftOut, duplicates }: WrittenDataset): ResultOf<'data draw'> {
  const { manifest, dir, fingerprint } = dataset;
  return {
    path: dir,
    name: manifest.name,
    fingerprint,
    counts: manifest.counts,
    sources: manifest.sources,
    duplicates,
    leftOut: leftOut.slice(0, 1_000).map((one) => ({ ...one })),
  };
}
