import { join } from 'node:path';
import type { VerifiedBundle } from '../../bundle/index.ts';
import { cacheFolder, type Surroundings } from '../../config/index.ts';
import type { Gpu } from '../../jobs/index.ts';
import { findEngine, listEngines, wantedEngine } from '../../variants/index.ts';
import type { WantedModel } from '../types.ts';
import { engineSource, type TritonSource } from './repository.ts';

/** As `export-trt` builds them. */
const PROFILE = { least: 1, best: 4, most: 16 };

/**
 * The TensorRT engine of a model that fits this GPU and the image that serves.
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
  const needed = wantedEngine(bundle, { bundleDir, precision, profile: PROFILE, image, gpu });
  const rebuild = [
    `sv72 export-trt ${bundleDir} --data DATASET`,
    ...(precision === 'fp32' ? ['--precision fp32'] : []),
  ].join(' ');
  const engines = await listEngines(join(cacheFolder(surroundings), 'engines'));
  return engineSource(findEngine(engines, needed, rebuild), bundle.manifest, name);
}
