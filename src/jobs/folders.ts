import { resolve } from 'node:path';
import type { JobSpec } from './types.ts';

/** Folders of this machine that a job has for itself: nobody else should write there meanwhile. */
export function foldersOf({ mounts }: Pick<JobSpec, 'mounts'>): string[] {
  return mounts
    .filter(({ readonly, shared }) => readonly !== true && shared !== true)
    .map(({ host }) => resolve(host));
}
