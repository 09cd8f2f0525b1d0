import { Sv72Error } from '../../errors/index.ts';
import type { JobSpec } from '../types.ts';
import type { Gpu } from './nvidia-smi.ts';

/** Stands for a GPU that is not here, where only commands are shown. */
const imagined = (index: number): Gpu => ({
  index,
  name: 'a GPU that is not here',
  driver: '580',
  memoryBytes: 0,
  freeBytes: 0,
  capability: null,
});

/**
 * The GPUs that a job uses.
 * @param imagine take one that is not there for granted: to show what would be done where it is
 * @throws ERR_JOB_NO_GPU when it needs one, or a certain one, that is not there.
 */
export function usedGpus(spec: JobSpec, gpus: readonly Gpu[], imagine = false): Gpu[] {
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
    if (imagine) return [imagined(0)];
    throw new Sv72Error('ERR_JOB_NO_GPU', 'This step needs an NVIDIA GPU, and nvidia-smi shows none here.');
  }
  return spec.gpus.map((index) => {
    const found = gpus.find((gpu) => gpu.index === index);
    if (found) return found;
    if (imagine) return imagined(index);
    const there = gpus.length === 0 ? 'shows none' : `shows ${gpus.map((gpu) => gpu.index).join(', ')}`;
    throw new Sv72Error('ERR_JOB_NO_GPU', `There is no GPU ${index} here: nvidia-smi ${there}.`);
  });
}
