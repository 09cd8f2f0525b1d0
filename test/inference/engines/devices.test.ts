import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { firstThatWorks } from '../../../src/inference/engines/onnx/devices.ts';

const empty = mkdtempSync(join(tmpdir(), 'sv72-devices-'));
const full = mkdtempSync(join(tmpdir(), 'sv72-devices-'));
for (const name of ['cuda', 'tensorrt']) writeFileSync(join(full, `libonnxruntime_providers_${name}.so`), '');
afterAll(() => {
  for (const folder of [empty, full]) rmSync(folder, { recursive: true });
});

const all = ['cpu', 'cuda', 'tensorrt'];
const works = async (device: string) => `session on ${device}`;
const noDriver = async (device: string) => {
  if (device === 'cpu') return 'session on cpu';
  throw new Error('CUDA failure 35: CUDA driver version is insufficient\nat a place in a file\nand more');
};

describe.runIf(process.platform === 'linux')('auto takes what works and says what was tried', () => {
  test('a GPU that works', async () => {
    expect(await firstThatWorks('auto', all, full, works)).toEqual({
      device: 'cuda',
      opened: 'session on cuda',
      attempts: [{ device: 'cuda', ok: true, detail: 'loaded' }],
    });
  });

  test.each<[string, string[], string, typeof noDriver, string]>([
    [
      'libraries that are not installed',
      all,
      empty,
      works,
      'libonnxruntime_providers_cuda.so is not installed',
    ],
    ['a driver that fails', all, full, noDriver, 'CUDA failure 35: CUDA driver version is insufficient'],
    ['a build without it', ['cpu'], full, works, 'onnxruntime-node has no cuda support on'],
  ])('%s', async (_, backends, folder, open, detail) => {
    const { device, attempts } = await firstThatWorks('auto', backends, folder, open);
    expect(device).toBe('cpu');
    expect(attempts).toMatchObject([
      { device: 'cuda', ok: false, detail: expect.stringContaining(detail) },
      { device: 'cpu', ok: true },
    ]);
  });
});

describe.runIf(process.platform === 'linux')('a device that was asked for is used or refused', () => {
  test('never replaced by another', async () => {
    expect((await firstThatWorks('tensorrt', all, full, works)).device).toBe('tensorrt');
    expect((await firstThatWorks('cpu', all, full, works)).device).toBe('cpu');
  });

  test.each([
    [empty, works, 'sv72 engine gpu-libraries'],
    [full, noDriver, 'nvidia-smi'],
  ])('%#: the next step fits what is missing', async (folder, open, next) => {
    await expect(firstThatWorks('cuda', all, folder, open)).rejects.toMatchObject({
      code: 'ERR_DEVICE_UNAVAILABLE',
      next: expect.stringContaining(next),
    });
  });

  test('what fails on the CPU is no matter of devices', async () => {
    const broken = () => Promise.reject(new Error('Protobuf parsing failed'));
    await expect(firstThatWorks('auto', ['cpu'], full, broken)).rejects.toThrow('Protobuf parsing failed');
  });
});
