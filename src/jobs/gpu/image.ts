import { Sv72Error } from '../../errors/index.ts';
import type { Gpu } from './nvidia-smi.ts';

/** CUDA 13.0 builds: sm_75 to sm_120, driver 580 or newer. */
const CUDA_13 = 'docker.io/pytorch/pytorch:2.14.0-cuda13.0-cudnn9-runtime';
/** CUDA 12.6 builds: sm_50 to sm_90; by NVIDIA's rule of minor versions any driver from 525 on runs them. */
const CUDA_12 = 'docker.io/pytorch/pytorch:2.14.1-cuda12.6-cudnn9-runtime';
/** Without a GPU: the packages come from the lock file alone. */
const PLAIN = 'docker.io/library/python:3.12-slim-bookworm';

/** What an image takes when unpacked, bytes; an estimate for the check of free space. */
export const IMAGE_BYTES = { cuda: 10e9, plain: 0.2e9 };

/**
 * The image whose CUDA build runs on all the given GPUs with their driver. One image does not fit all: the 12.6 builds
 * have no kernels for Blackwell (compute capability 10 and 12), and the 13.0 builds need driver 580.
 * @param gpus none: a plain Python image
 * @throws ERR_JOB_DRIVER with the plain reason when no image fits
 */
export function imageFor(gpus: readonly Gpu[]): string {
  if (gpus.length === 0) return PLAIN;
  const driver = Math.min(...gpus.map((gpu) => Number.parseInt(gpu.driver, 10)));
  const capabilities = gpus.map((gpu) => gpu.capability ?? 7.5);
  const newest = Math.max(...capabilities);
  const oldest = Math.min(...capabilities);
  const named = (capability: number): string =>
    gpus.find((gpu) => (gpu.capability ?? 7.5) === capability)?.name ?? 'the GPU';
  if (driver >= 580 && oldest >= 7.5) return CUDA_13;
  if (newest > 9.0) {
    if (oldest < 7.5) {
      throw tooOld(
        `No image has kernels for both ${named(newest)} (${newest.toFixed(1)}) and ${named(oldest)} (${oldest.toFixed(1)})`,
        'Choose GPUs of one generation with --gpus.',
        gpus,
      );
    }
    throw tooOld(
      `${named(newest)} needs NVIDIA driver 580 or newer, and this machine has ${gpus[0]?.driver ?? 'an older one'}`,
      'Update the NVIDIA driver to 580 or newer.',
      gpus,
    );
  }
  if (driver < 525) {
    throw tooOld(
      `The NVIDIA driver ${gpus[0]?.driver ?? ''} is too old: the images need 525 or newer`,
      'Update the NVIDIA driver, best to 580 or newer.',
      gpus,
    );
  }
  if (oldest < 5.0) {
    throw tooOld(
      `${named(oldest)} is too old: its compute capability is ${oldest.toFixed(1)}, and the images begin with 5.0`,
      'Choose another GPU with --gpus, or run without one by --gpus none.',
      gpus,
    );
  }
  return CUDA_12;
}

function tooOld(message: string, next: string, gpus: readonly Gpu[]): Sv72Error {
  return new Sv72Error('ERR_JOB_DRIVER', `${message}.`, {
    next,
    details: { gpus: gpus.map((gpu) => `${gpu.name}, driver ${gpu.driver}, ${gpu.capability ?? 'unknown'}`) },
  });
}
