import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { viewJpeg } from '../../src/evaluate/views/make.ts';
import { graphInput } from '../../src/inference/index.ts';
import { createArray } from '../../src/variants/npy.ts';
import { calibrationViews, gateViews, pictureSource, writeGraphInputs } from '../../src/variants/pictures.ts';
import { workFolder } from '../../src/variants/work-folder.ts';
import { bundleOf } from '../inference/models.ts';
import { brightDataset, temporaryFolder } from './stage.ts';

const conditions = { generations: [1, 2, 3], levels: [0, 1, 2, 3], seed: 0 } as const;

test('train calibrates, the rest judges, and no picture does both', async () => {
  const source = await pictureSource(await brightDataset(await temporaryFolder(), 40));
  const calibration = new Set(source.calibration.map(({ sha256 }) => sha256));
  expect(calibration.size).toBe(16);
  expect(source.gate).toHaveLength(24);
  expect(source.gate.some(({ sha256 }) => calibration.has(sha256))).toBe(false);
});

test('a gate has as many views as asked for, from as many pictures as there are', async () => {
  const { gate } = await pictureSource(await brightDataset(await temporaryFolder(), 40));
  const few = gateViews(gate, 90, conditions);
  expect(few.length).toBeGreaterThanOrEqual(90);
  expect(new Set(few.map(({ sha256 }) => sha256)).size).toBe(10);
  const more = gateViews(gate, 500, conditions);
  expect(more.length).toBeGreaterThanOrEqual(500);
  expect(new Set(more.map(({ key }) => key)).size).toBe(more.length);
  const all = gateViews(gate, 1_000_000, conditions);
  expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(24);
  expect(all.length).toBe(24 * (3 + 6 * 8));
});

test('calibration sees every condition, one a picture', async () => {
  const { calibration } = await pictureSource(await brightDataset(await temporaryFolder(), 40));
  const views = calibrationViews(calibration, 12, conditions);
  expect(new Set(views.map(({ sha256 }) => sha256)).size).toBe(12);
  expect(new Set(views.map(({ generation, level }) => `${generation} ${level}`)).size).toBe(9);
});

test('the graph is given what it would be given when served', async () => {
  const folder = await temporaryFolder();
  const { calibration } = await pictureSource(await brightDataset(folder, 20));
  const { input } = (await bundleOf('weighted-logit')).manifest;
  const views = calibrationViews(calibration, 6, conditions);
  const path = join(folder, 'pictures.npy');
  await writeGraphInputs(path, views, input);
  const file = await readFile(path);
  const header = file.readUInt16LE(8) + 10;
  expect(file.subarray(10, header).toString()).toMatch(
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(6, 3, 8, 8\), \} *\n$/,
  );
  for (const [index, view] of views.entries()) {
    const expected = await graphInput(await viewJpeg(view), input);
    const at = header + index * 3 * 64 * 4;
    expect(
      file
        .subarray(at, at + 3 * 64 * 4)
        .equals(Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength)),
    ).toBe(true);
  }
});

test('a row of another size or place is refused', async () => {
  const array = await createArray(join(await temporaryFolder(), 'a.npy'), 'uint8', [2, 3]);
  await expect(array.put(0, new Uint8Array(4))).rejects.toThrow(RangeError);
  await expect(array.put(2, new Uint8Array(3))).rejects.toThrow(RangeError);
  await array.close();
});

test('what cannot be written is said, and is no fault of the program', async () => {
  const folder = await temporaryFolder();
  const { gate } = await pictureSource(await brightDataset(folder, 20));
  const { input } = (await bundleOf('mean-uint8')).manifest;
  const missing = join(folder, 'missing');
  const wanted = gateViews(gate, 10, conditions);
  await expect(writeGraphInputs(join(missing, 'pictures.npy'), wanted, input)).rejects.toMatchObject({
    code: 'ERR_FILE_WRITE',
    message: expect.stringContaining('pictures.npy could not be written (ENOENT)'),
  });
  await expect(workFolder('sv72-', { parent: missing })).rejects.toMatchObject({
    code: 'ERR_FILE_WRITE',
    message: expect.stringContaining(missing),
  });
});
