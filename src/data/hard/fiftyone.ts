import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFailed } from '../disk.ts';
import { endingOf, pictureFormat } from '../picture-format.ts';
import type { Candidate, Verdict } from './review.ts';

const CLASSES = ['none', 'roadwork'] as const;

/**
 * Writes pictures as FiftyOne reads them (type FiftyOneImageClassificationDataset): `data/<sha256>` with the
 * ending of what it is, `labels.json`
 * with the answers of a review (null where there is none), and `predictions.json` of the same form with what the
 * models decided.
 *
 * @param pathOf where a picture lies
 * @throws Sv72Error ERR_FILE_WRITE, ERR_DISK_FULL
 */
export async function exportFiftyOne(
  dir: string,
  candidates: readonly Candidate[],
  verdicts: ReadonlyMap<string, { readonly verdict: Verdict }>,
  pathOf: (sha256: string) => string,
): Promise<number> {
  const labels: Record<string, 0 | 1 | null> = {};
  const predictions: Record<string, 0 | 1> = {};
  try {
    await mkdir(join(dir, 'data'), { recursive: true });
    for (const { sha256, mean } of candidates) {
      const bytes = await readFile(pathOf(sha256));
      const format = pictureFormat(bytes);
      await writeFile(join(dir, 'data', `${sha256}${format === undefined ? '' : endingOf(format)}`), bytes);
      const verdict = verdicts.get(sha256)?.verdict;
      labels[sha256] = verdict === 'yes' ? 1 : verdict === 'no' ? 0 : null;
      predictions[sha256] = mean > 0.5 ? 1 : 0;
    }
    await writeFile(join(dir, 'labels.json'), JSON.stringify({ classes: CLASSES, labels }));
    await writeFile(join(dir, 'predictions.json'), JSON.stringify({ classes: CLASSES, labels: predictions }));
  } catch (error) {
    throw writeFailed(`export ${dir}`, error);
  }
  return candidates.length;
}
