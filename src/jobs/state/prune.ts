import { readdirSync, rmSync } from 'node:fs';
import { isJobId, JobFolder } from './folder.ts';

const KEEP = 50;
const DAYS_MS = 90 * 86_400_000;

/** Removes what is left of jobs that ended long ago, or before the last fifty. */
export function pruneJobs(stateDir: string, now: number): void {
  const ended = jobFolders(stateDir)
    .flatMap((folder) => {
      const at = folder.state()?.ended?.at;
      return at === undefined ? [] : [{ folder, at }];
    })
    .sort((a, b) => b.at - a.at);
  for (const [index, { folder, at }] of ended.entries()) {
    if (index >= KEEP || now - at > DAYS_MS) rmSync(folder.path, { recursive: true, force: true });
  }
}

/** The folders of all jobs, oldest first within a kind. */
export function jobFolders(stateDir: string): JobFolder[] {
  try {
    return readdirSync(stateDir)
      .filter(isJobId)
      .sort()
      .map((id) => new JobFolder(stateDir, id));
  } catch {
    return [];
  }
}
