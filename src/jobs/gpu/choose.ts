import { Sv72Error } from '../../errors/index.ts';
import type { JobSpec } from '../types.ts';
import type { Gpu } from './nvidia-smi.ts';

/** The GPUs that a job uses. @throws ERR_JOB_NO_GPU when it needs one, or a certain one, that is not there. */
export function usedGpus(spec: JobSpec, gpus: readonly Gpu[]): Gpu[] {
  if (spec.gpus === 'none') {
    if (spec.needs.gpu !== true) return [];
    throw new Sv72Error(
      'ERR_JOB_NO_GPU',
      `${spec.title}: this step needs a GPU, and it was told to use none.`,
      {
        next: 'Run it with --gpus all, or with the numbers of the GPUs.',
      },
    );
  }
  if (spec.gpus === 'all') {
    if (gpus.length > 0 || spec.needs.gpu !== true) return [...gpus];
    throw new Sv72Error('ERR_JOB_NO_GPU', 'This step needs an NVIDIA GPU, and nvidia-smi shows none here.');
  }
  return spec.gpus.map((index) => {
    const found = gpus.find((gpu) => gpu.index === index);
    if (found) return found;
    const there = gpus.length === 0 ? 'shows none' : `shows ${gpus.map((gpu) => gpu.index).join(', ')}`;
    throw new Sv72Error('ERR_JOB_NO_GPU', `There is no GPU ${index} here: nvidia-smi ${there}.`);
  });
}

/** GPUs as they could be, for a plan on a machine that has none that fits. */
export function assumedGpus(spec: JobSpec): Gpu[] {
  const numbers = typeof spec.gpus === 'string' ? [0] : spec.gpus;
  const bytes = spec.needs.vramBytes ?? 0;
  return numbers.map((index) => ({
    index,
    name: 'a GPU',
    driver: '580',
    capability: 8.9,
    memoryBytes: bytes,
    freeBytes: bytes,
  }));
}
