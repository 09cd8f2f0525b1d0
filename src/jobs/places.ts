import { join } from 'node:path';
import { cacheFolder, dataFolder, type Surroundings } from '../config/index.ts';
import type { JobPlaces } from './types.ts';

/** Where jobs are kept for this user. @param packageRoot folder of sv72's package.json */
export function jobPlaces(at: Surroundings, packageRoot: string): JobPlaces {
  return {
    stateDir: join(dataFolder(at), 'jobs'),
    cacheDir: join(cacheFolder(at), 'python'),
    trainerDir: join(packageRoot, 'templates', 'train'),
  };
}
