import { join } from 'node:path';
import type { VerifiedBundle } from '../../bundle/index.ts';
import { cacheFolder, type Surroundings } from '../../config/index.ts';
import type { Gpu } from '../../jobs/index.ts';
import {
  DEFAULT_PROFILE,
  findEngine,
  listEngines,
  rebuildCommand,
  wantedEngine,
} from '../../variants/index.ts';
import type { WantedModel } from '../types.ts';
import { engineSource, type TritonSource } from './repository.ts';

/**
 * The TensorRT engine of a model that fits this GPU and the image that serves, whichever batches it was built for.
 *
 * @throws Sv72Error ERR_ENGINE_NONE, ERR_ENGINE_STALE with the command that builds it, ERR_ENGINE_GRAPH, ERR_JOB_NO_GPU
 */
export async function engineOf(from: {
  readonly wanted: WantedModel;
  readonly name: string;
  readonly bundle: VerifiedBundle;
  readonly gpu: Gpu | undefined;
  readonly image: string;
  readonly surroundings: Surroundings;
}): Promise<TritonSource> {
  const { wanted, name, bundle, gpu, image, surroundings } = from;
  const bundleDir = wanted.bundleDir ?? bundle.dir;
  const precision = wanted.precision === 'fp32' ? 'fp32' : 'fp16';
  const choice = { bundleDir, precision, profile: DEFAULT_PROFILE, image, gpu } as const;
  const needed = { ...wantedEngine(bundle, choice), profile: null };
  const engines = await listEngines(join(cacheFolder(surroundings), 'engines'));
  return engineSource(findEngine(engines, needed, rebuildCommand(choice)), bundle.manifest, name);
}
