import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatBytes } from '../size.ts';
import type { Check } from '../types.ts';

const GIB = 2n ** 30n;
const LEAST = GIB / 4n;
const COMFORTABLE = 2n * GIB;

/** Free space where sv72 keeps its store, and what its owner may use of it. */
export const disk: Check = {
  id: 'disk',
  title: 'disk space',
  async run({ paths }) {
    let folder = paths.data;
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
    const { bavail, bsize, files, ffree } = statfsSync(folder, { bigint: true });
    const free = bavail * bsize;
    const sentence = `${formatBytes(free)} free at ${folder}.`;
    const fix = `du --human-readable --max-depth 2 ${folder} | sort --human-numeric-sort | tail`;
    if (free < LEAST) return { status: 'failed', sentence, fix };
    if (files > 0n && ffree * 100n < files) {
      return {
        status: 'failed',
        sentence: `Only ${ffree} of ${files} files can still be made at ${folder}.`,
        fix,
      };
    }
    return free < COMFORTABLE ? { status: 'warning', sentence, fix } : { status: 'ok', sentence };
  },
};
