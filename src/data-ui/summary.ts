import type { Dataset, DatasetSummary } from '../data/index.ts';
import type { ResultOf } from '../results/index.ts';
import { count, size } from './numbers.ts';

/** A dataset in a screen of text. */
export function summaryLines({ dir, manifest, fingerprint }: Dataset, summary: DatasetSummary): string[] {
  const { pictures, bytes, leftOut } = manifest.counts;
  const { shorterSide, groups } = summary;
  return [
    `${manifest.name}  ${dir}`,
    `  ${count(pictures)} pictures, ${size(bytes)}${leftOut > 0 ? `, ${count(leftOut)} left out (left-out.jsonl)` : ''}`,
    `  made ${manifest.made.at} by ${manifest.made.by}; fingerprint ${fingerprint.slice(0, 16)}`,
    '',
    ...summary.splits.map(
      ({ split, none, roadwork }) =>
        `  ${split.padEnd(10)} ${count(roadwork).padStart(8)} roadwork ${count(none).padStart(8)} none`,
    ),
    '',
    ...summary.sources.map(
      (source) => `  ${count(source.pictures).padStart(8)} from ${source.id} (${source.licence})`,
    ),
    '',
    `  shorter side ${shorterSide.min} to ${shorterSide.max} pixels, median ${shorterSide.median}; ${Object.entries(
      summary.formats,
    )
      .map(([format, pictures]) => `${count(pictures)} ${format}`)
      .join(', ')}`,
    `  ${count(groups.count)} places, the largest with ${count(groups.largest)}; ${count(summary.nearDuplicates)} pictures look like another one`,
    `  ${count(summary.withObjects)} positives know where their objects are; ${count(summary.withSoftLabel)} have a probability of a teacher`,
    ...summary.tags
      .slice(0, 12)
      .map((one) => `  ${count(one.pictures).padStart(8)} ${one.tag} (${count(one.roadwork)} roadwork)`),
  ];
}

export function summaryJson(summary: DatasetSummary): ResultOf<'data show'>['summary'] {
  return {
    ...summary,
    splits: summary.splits.map((one) => ({ ...one })),
    sources: summary.sources.map((one) => ({ ...one })),
    formats: { ...summary.formats },
    tags: summary.tags.map((one) => ({ ...one })),
  };
}
