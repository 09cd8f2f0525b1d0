import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PythonEnvironment, pythonEnvironment } from '../support/venvs.ts';
import { type Case, difference, readPixels, writeCases } from './cases.ts';

describe('the augmentation against OpenCV, Pillow and NumPy', () => {
  let folder: string;
  let python: PythonEnvironment;
  let cases: Case[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sv72-augmentation-'));
    python = await pythonEnvironment('parity');
    cases = await writeCases(folder, 12);
    await execa(python.python, ['-B', join(import.meta.dirname, 'reference.py'), folder]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('gives the same pixels at every level of generations 1 and 2', async () => {
    let bytes = 0;
    let over = 0;
    for (const { name, ours } of cases) {
      const { max, share } = difference(ours.data, await readPixels(folder, name, 'expected'), 1);
      // One grey level where a fraction is truncated may grow to three in the chroma of a later step.
      expect(max, name).toBeLessThanOrEqual(3);
      expect(share, name).toBeLessThan(0.002);
      bytes += ours.data.length;
      over += share * ours.data.length;
    }
    expect(over / bytes).toBeLessThan(0.0005);
  });

  it('encodes the same JPEG as Pillow: decoded, equal pixels wherever the input was equal', async () => {
    let compared = 0;
    for (const { name, ours, decoded } of cases) {
      if (difference(ours.data, await readPixels(folder, name, 'expected'), 0).max > 0) continue;
      expect(difference(decoded.data, await readPixels(folder, name, 'decoded'), 0).max, name).toBe(0);
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('is what the golden samples of the unit tests come from', async () => {
    const { stdout } = await execa(python.python, ['-B', join(import.meta.dirname, 'golden.py')]);
    const golden = new URL('../../simulate/augment/golden.json', import.meta.url);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(golden, 'utf8')));
  });
});
