import { resolve } from 'node:path';
import { shellLine } from '../../jobs/index.ts';
import type { EngineChoice } from './build.ts';
import { DEFAULT_PROFILE, SERVING_IMAGE } from './job.ts';

/** The command that builds the engine again that was asked for. */
export function rebuildCommand({ bundleDir, precision, profile, image, gpu }: EngineChoice): string {
  const batches = [profile.least, profile.best, profile.most].join(',');
  const usual = [DEFAULT_PROFILE.least, DEFAULT_PROFILE.best, DEFAULT_PROFILE.most].join(',');
  return shellLine([
    ...['sv72', 'export-trt', bundleDir, '--data', 'DATASET'],
    ...(precision === 'fp16' ? [] : ['--precision', precision]),
    ...(batches === usual ? [] : ['--batches', batches]),
    ...(image === SERVING_IMAGE ? [] : ['--image', image]),
    ...(gpu === undefined || gpu.index === 0 ? [] : ['--gpus', String(gpu.index)]),
  ]);
}

/**
 * What serves an engine: Triton with the model repository, and `sv72 serve` that asks it. The embedded engine cannot
 * load a plan.
 */
export function servingCommands(
  { bundleDir, image, gpu }: EngineChoice,
  repository: string,
  model: string,
): [string, string] {
  const server = [
    ...['docker', 'run', '--rm', '--gpus', `device=${gpu?.index ?? 0}`, '--shm-size', '256m'],
    ...['--publish', '127.0.0.1:8000:8000', '--volume', `${resolve(repository)}:/models:ro`, image],
    ...['tritonserver', '--model-repository=/models', '--disable-auto-complete-config'],
  ];
  const miner = [
    ...['sv72', 'serve', '--bundle', bundleDir, '--engine', 'oip'],
    ...['--server-url', 'http://127.0.0.1:8000', '--server-model', model],
  ];
  return [shellLine(server), shellLine(miner)];
}
