import type { UploadRecord } from '../store/index.ts';
import { type Cycle, cycleOf, type Schedule } from './cycle.ts';

/** What is known of a release, wherever it was read. */
export type PublishedRelease = Pick<
  UploadRecord,
  'hub' | 'repo' | 'revision' | 'model' | 'version' | 'hotkey' | 'submittedAt' | 'rollbackOf'
>;

export interface AgedRelease {
  readonly release: PublishedRelease;
  readonly cycle: Cycle;
  /** The newest of its repository. */
  readonly current: boolean;
}

/**
 * Releases with their place in the cycle.
 *
 * @param releases the newest first
 * @param now Unix seconds
 */
export function agesOf(
  releases: readonly PublishedRelease[],
  now: number,
  schedule: Schedule,
): AgedRelease[] {
  const seen = new Set<string>();
  return releases.map((release) => {
    const place = `${release.hub} ${release.repo}`;
    const current = !seen.has(place);
    seen.add(place);
    return { release, cycle: cycleOf(release.submittedAt, now, schedule), current };
  });
}

/** For people; the newest of each repository is marked. */
export function ageLines(models: readonly AgedRelease[], checked: string): string[] {
  if (models.length === 0) return ['Nothing was published from here yet.'];
  const rows = models.map(({ release, cycle, current }) => [
    current ? '*' : ' ',
    release.repo,
    release.version,
    release.revision.slice(0, 12),
    `${cycle.age.toFixed(1)} d`,
    cycle.phase,
    `${Math.round(cycle.factor * 100)} %`,
    cycle.next === null
      ? ''
      : `${cycle.next.milestone} ${new Date(cycle.next.at * 1000).toISOString().slice(0, 10)}`,
    release.rollbackOf === null ? '' : `put back from ${release.rollbackOf.slice(0, 12)}`,
  ]);
  const head = ['', 'repository', 'version', 'revision', 'age', 'phase', 'reward', 'next', ''];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(head),
    ...rows.map(line),
    '',
    `* the newest of its repository. The schedule is a setting, last checked ${checked}.`,
  ];
}
