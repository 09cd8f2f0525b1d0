import { Sv72Error } from '../errors/index.ts';
import type { DatasetManifest, Split } from './format.ts';

/**
 * Refuses a dataset in which one of the splits lacks a class.
 *
 * @throws Sv72Error ERR_DATASET_EMPTY, naming the class, the split and the counts
 */
export function requireBothClasses(manifest: DatasetManifest, splits: readonly Split[]): void {
  for (const split of splits) {
    const { none, roadwork } = manifest.counts[split];
    if (none > 0 && roadwork > 0) continue;
    const missing = none === 0 && roadwork === 0 ? 'pictures' : none === 0 ? 'negatives' : 'positives';
    throw new Sv72Error(
      'ERR_DATASET_EMPTY',
      `The ${split} part of dataset ${manifest.name} has no ${missing} (${roadwork} with roadwork, ${none} without).`,
      { details: { dataset: manifest.name, split, none, roadwork } },
    );
  }
}
