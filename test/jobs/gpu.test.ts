import { describe, expect, it } from 'vitest';
import { usedGpus } from '../../src/jobs/gpu/choose.ts';
import { imageFor } from '../../src/jobs/gpu/image.ts';
import { type Gpu, parseGpus } from '../../src/jobs/gpu/nvidia-smi.ts';
import { testJob } from './engines/job.ts';

function gpu(name: string, driver: string, capability: number, index = 0): Gpu {
  return { index, name, driver, capability, memoryBytes: 24e9, freeBytes: 20e9 };
}

describe('the image by driver and compute capability', () => {
  it.each([
    ['Turing, new driver', [gpu('T4', '580.65', 7.5)], /cuda13\.0/],
    ['Ada, new driver', [gpu('L4', '610.1', 8.9)], /cuda13\.0/],
    ['Blackwell, new driver', [gpu('RTX 5090', '580.95', 12.0)], /cuda13\.0/],
    ['Ada, older driver', [gpu('L4', '550.54', 8.9)], /cuda12\.6/],
    ['Hopper, oldest driver', [gpu('H100', '525.60', 9.0)], /cuda12\.6/],
    ['Pascal, new driver', [gpu('P100', '580.65', 6.0)], /cuda12\.6/],
    ['two of different age', [gpu('P100', '580.65', 6.0), gpu('L4', '580.65', 8.9, 1)], /cuda12\.6/],
    ['none', [], /library\/python:/],
  ])('%s', (_name, gpus, image) => {
    expect(imageFor(gpus)).toMatch(image);
  });

  it.each([
    ['Blackwell, older driver', [gpu('RTX 5090', '570.1', 12.0)], /RTX 5090 needs NVIDIA driver 580/],
    ['a driver before 525', [gpu('L4', '470.1', 8.9)], /470\.1 is too old/],
    ['Kepler', [gpu('K80', '535.1', 3.7)], /K80 is too old/],
    ['Pascal beside Blackwell', [gpu('P100', '580.65', 6.0), gpu('RTX 5090', '580.65', 12.0, 1)], /both/],
  ])('refuses plainly: %s', (_name, gpus, message) => {
    expect(() => imageFor(gpus)).toThrow(
      expect.objectContaining({ code: 'ERR_JOB_DRIVER', message: expect.stringMatching(message) }),
    );
  });
});

describe('nvidia-smi', () => {
  it('is read line by line, and what is no GPU is left out', () => {
    const text = [
      '0, NVIDIA GeForce RTX 4090, 580.95.05, 24564, 23000, 8.9',
      '1, Tesla K80, 450.80, 11441, [N/A], [Not Supported]',
      'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.',
      '',
    ].join('\n');
    expect(parseGpus(text)).toEqual([
      {
        index: 0,
        name: 'NVIDIA GeForce RTX 4090',
        driver: '580.95.05',
        memoryBytes: 24564 * 2 ** 20,
        freeBytes: 23000 * 2 ** 20,
        capability: 8.9,
      },
      expect.objectContaining({ index: 1, freeBytes: 0, capability: null }),
    ]);
  });
});

describe('the GPUs of a job', () => {
  const two = [gpu('L4', '580.1', 8.9, 0), gpu('L4', '580.1', 8.9, 1)];
  it('are those that it names', () => {
    expect(usedGpus(testJob('/', 'done', { gpus: 'all' }), two)).toHaveLength(2);
    expect(usedGpus(testJob('/', 'done', { gpus: [1] }), two).map(({ index }) => index)).toEqual([1]);
    expect(usedGpus(testJob('/', 'done', { gpus: 'none' }), two)).toEqual([]);
    expect(usedGpus(testJob('/', 'done', { gpus: 'all' }), [])).toEqual([]);
  });

  it.each([
    ['one that is not there', { gpus: [3] }, two, /no GPU 3 here: nvidia-smi shows 0, 1/],
    ['one where there is none', { gpus: [0] }, [], /shows none/],
    ['any where there is none', { gpus: 'all', needs: { gpu: true } }, [], /shows none/],
    ['any, but none was allowed', { gpus: 'none', needs: { gpu: true } }, two, /told to use none/],
  ] as const)('are refused: %s', (_name, more, gpus, message) => {
    expect(() => usedGpus(testJob('/', 'done', more), gpus)).toThrow(
      expect.objectContaining({ code: 'ERR_JOB_NO_GPU', message: expect.stringMatching(message) }),
    );
  });
});
