import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Sv72Error } from '../errors/index.ts';
import { type DatasetEntry, SPLITS, type Split } from './format.ts';
import { UNKNOWN_LICENCE } from './licence.ts';
import { type Dataset, openDataset } from './open.ts';
import { nearDuplicates } from './phash.ts';
import { inspectPicture } from './picture.ts';

/** Something that a check found. Errors make a dataset unusable; warnings are for its owner to judge. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** The file, split or source that it is about. */
  readonly where: string;
  readonly what: string;
}

export interface CheckOptions {
  /** Decodes every picture, too; without it the hashes alone are compared. Default true. */
  readonly decode?: boolean;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

export interface CheckReport {
  readonly dataset: Dataset;
  /** Whether there is no error. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Looks at everything in a dataset: the list, every picture's bytes, counts, classes, splits, licences, stray files.
 *
 * @throws Sv72Error ERR_DATASET_MISSING, ERR_DATASET_FORMAT, ERR_DATASET_DAMAGED for a manifest or list that cannot be
 *   read at all, ERR_INTERRUPTED
 */
export async function checkDataset(folder: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { decode = true, concurrency = 4, signal, onProgress } = options;
  const dataset = await openDataset(folder);
  const findings: Finding[] = [];
  const entries: Pick<DatasetEntry, 'phash' | 'group' | 'split' | 'label' | 'sha256'>[] = [];
  const paths = new Set<string>();
  const sources = new Set(dataset.manifest.sources.map(({ id }) => id));
  const running = new Set<Promise<unknown>>();
  let done = 0;
  for await (const entry of dataset.entries()) {
    if (signal?.aborted) throw new Sv72Error('ERR_INTERRUPTED', 'Interrupted; nothing was changed.');
    if (paths.has(entry.path))
      findings.push({ severity: 'error', where: entry.path, what: 'is listed twice' });
    if (!sources.has(entry.source)) {
      findings.push({
        severity: 'error',
        where: entry.path,
        what: `has a source that is not listed: ${entry.source}`,
      });
    }
    paths.add(entry.path);
    const { phash, group, split, label, sha256 } = entry;
    entries.push({ phash, group, split, label, sha256 });
    const work = checkPicture(dataset, entry, decode)
      .then((what) => {
        if (what !== undefined) findings.push({ severity: 'error', where: entry.path, what });
        onProgress?.(++done, dataset.manifest.counts.pictures);
      })
      .finally(() => running.delete(work));
    running.add(work);
    if (running.size >= concurrency) await Promise.race(running);
  }
  await Promise.all(running);
  findings.sort((a, b) => (a.where < b.where ? -1 : 1));
  findings.push(...countFindings(dataset, entries), ...straddling(entries), ...licences(dataset));
  findings.push(...(await strays(dataset.dir, paths)));
  return { dataset, ok: findings.every(({ severity }) => severity === 'warning'), findings };
}

async function checkPicture(
  dataset: Dataset,
  entry: DatasetEntry,
  decode: boolean,
): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await dataset.read(entry);
  } catch (error) {
    if (!(error instanceof Sv72Error)) throw error;
    return error.message.includes('SHA-256') ? 'was changed' : 'is missing or cannot be read';
  }
  if (bytes.length !== entry.bytes) return `has ${bytes.length} bytes, not ${entry.bytes}`;
  if (!decode) return undefined;
  const picture = await inspectPicture(bytes);
  if (typeof picture === 'string') return `cannot be decoded: ${picture}`;
  if (picture.format !== entry.format) return `is ${picture.format}, not ${entry.format}`;
  if (picture.width !== entry.width || picture.height !== entry.height) {
    return `is ${picture.width}×${picture.height}, not ${entry.width}×${entry.height}`;
  }
  return undefined;
}

function countFindings(
  { manifest }: Dataset,
  entries: readonly { readonly split: Split; readonly label: 0 | 1 }[],
): Finding[] {
  const findings: Finding[] = [];
  for (const split of SPLITS) {
    const { none, roadwork } = manifest.counts[split];
    const found = [0, 1].map((label) => entries.filter((e) => e.split === split && e.label === label).length);
    if (found[0] !== none || found[1] !== roadwork) {
      findings.push({ severity: 'error', where: split, what: 'has other counts than dataset.json says' });
    }
    if (manifest.split.shares[split] > 0 && (none === 0 || roadwork === 0)) {
      const what =
        none + roadwork === 0 ? 'is empty' : `has no picture ${none === 0 ? 'without' : 'with'} road works`;
      findings.push({ severity: 'warning', where: split, what });
    }
  }
  return findings;
}

/** Places and near-duplicates that are in two splits: then the measure on one flatters what learned from the other. */
function straddling(
  entries: readonly {
    readonly phash: string;
    readonly group: string;
    readonly split: Split;
    readonly sha256: string;
  }[],
): Finding[] {
  const findings: Finding[] = [];
  const splitOf = new Map<string, Split>();
  const told = new Set<string>();
  for (const { group, split } of entries) {
    const other = splitOf.get(group) ?? split;
    splitOf.set(group, other);
    if (other === split || told.has(group)) continue;
    told.add(group);
    findings.push({ severity: 'error', where: group, what: `is in ${other} and in ${split}` });
  }
  for (const [a, b] of nearDuplicates(entries.map(({ phash }) => phash))) {
    const [one, other] = [entries[a], entries[b]];
    if (one === undefined || other === undefined || one.split === other.split) continue;
    findings.push({
      severity: 'error',
      where: one.sha256.slice(0, 16),
      what: `in ${one.split} looks like ${other.sha256.slice(0, 16)} in ${other.split}`,
    });
  }
  return findings;
}

function licences({ manifest }: Dataset): Finding[] {
  return manifest.sources.flatMap(({ id, licence }): Finding[] => {
    if (licence === UNKNOWN_LICENCE) {
      return [{ severity: 'warning', where: id, what: 'has no known licence' }];
    }
    return isNonCommercial(licence)
      ? [{ severity: 'warning', where: id, what: `is under ${licence}, which forbids to earn with it` }]
      : [];
  });
}

/** Whether a licence's name says that it is not for business. */
export function isNonCommercial(licence: string): boolean {
  return /(^|[^a-z])nc([^a-z]|$)|non-?commercial|research-only/i.test(licence);
}

async function strays(dir: string, paths: ReadonlySet<string>): Promise<Finding[]> {
  const findings: Finding[] = [];
  const root = join(dir, 'pictures');
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue;
    const path = `pictures/${join(entry.parentPath, entry.name).slice(root.length + 1)}`;
    if (!paths.has(path)) findings.push({ severity: 'warning', where: path, what: 'belongs to no entry' });
  }
  return findings;
}
