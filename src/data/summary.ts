import { type DatasetEntry, SPLITS, type Split } from './format.ts';
import type { Dataset } from './open.ts';
import { nearDuplicates } from './phash.ts';

/** What a dataset is made of. */
export interface DatasetSummary {
  readonly splits: readonly { readonly split: Split; readonly none: number; readonly roadwork: number }[];
  readonly sources: readonly { readonly id: string; readonly licence: string; readonly pictures: number }[];
  readonly formats: Readonly<Record<string, number>>;
  /** Pixels of the shorter side. */
  readonly shorterSide: { readonly min: number; readonly median: number; readonly max: number };
  readonly groups: { readonly count: number; readonly largest: number };
  /** Pictures that look like another one. */
  readonly nearDuplicates: number;
  /** The commonest tags with the share of positives among their pictures. */
  readonly tags: readonly { readonly tag: string; readonly pictures: number; readonly roadwork: number }[];
  /** Positives that know where their objects are. */
  readonly withObjects: number;
  readonly withSoftLabel: number;
}

/** Counts everything in one pass over the list; no picture is opened. */
export async function summarize(dataset: Dataset): Promise<DatasetSummary> {
  const sides: number[] = [];
  const formats: Record<string, number> = {};
  const groups = new Map<string, number>();
  const tags = new Map<string, { pictures: number; roadwork: number }>();
  const bySource = new Map<string, number>();
  const hashes: string[] = [];
  let withObjects = 0;
  let withSoftLabel = 0;
  for await (const entry of dataset.entries()) {
    sides.push(Math.min(entry.width, entry.height));
    formats[entry.format] = (formats[entry.format] ?? 0) + 1;
    groups.set(entry.group, (groups.get(entry.group) ?? 0) + 1);
    bySource.set(entry.source, (bySource.get(entry.source) ?? 0) + 1);
    hashes.push(entry.phash);
    if (entry.label === 1 && (entry.objects?.length ?? 0) > 0) withObjects++;
    if (entry.soft !== undefined) withSoftLabel++;
    countTags(tags, entry);
  }
  const alike = new Set<number>();
  for (const pair of nearDuplicates(hashes)) for (const index of pair) alike.add(index);
  sides.sort((a, b) => a - b);
  return {
    splits: SPLITS.map((split) => ({ split, ...dataset.manifest.counts[split] })),
    sources: dataset.manifest.sources.map(({ id, licence }) => ({
      id,
      licence,
      pictures: bySource.get(id) ?? 0,
    })),
    formats,
    shorterSide: {
      min: sides[0] ?? 0,
      median: sides[Math.floor(sides.length / 2)] ?? 0,
      max: sides.at(-1) ?? 0,
    },
    groups: { count: groups.size, largest: Math.max(0, ...groups.values()) },
    nearDuplicates: alike.size,
    tags: [...tags]
      .map(([tag, counts]) => ({ tag, ...counts }))
      .sort((a, b) => b.pictures - a.pictures || (a.tag < b.tag ? -1 : 1))
      .slice(0, 50),
    withObjects,
    withSoftLabel,
  };
}

function countTags(
  tags: Map<string, { pictures: number; roadwork: number }>,
  { tags: own, label }: Pick<DatasetEntry, 'tags' | 'label'>,
): void {
  for (const tag of own) {
    const counts = tags.get(tag) ?? { pictures: 0, roadwork: 0 };
    tags.set(tag, { pictures: counts.pictures + 1, roadwork: counts.roadwork + label });
  }
}
