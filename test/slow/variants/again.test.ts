import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadBundle, reviseBundle } from '../../../src/bundle/index.ts';
import { listAside, quantize } from '../../../src/variants/index.ts';
import {
  brightBundle,
  brightDataset,
  converter,
  dividedBy,
  optionsFor,
  temporaryFolder,
} from '../../variants/stage.ts';

test('made again takes the place of the first', async () => {
  const folder = await temporaryFolder();
  const { dir } = await brightBundle(folder);
  const data = await brightDataset(folder, 30);
  const first = await quantize({ ...optionsFor(dir, data), runJob: converter(dividedBy(256)) });
  await quantize({ ...optionsFor(dir, data), runJob: converter(dividedBy(256)) });
  const third = await quantize({ ...optionsFor(dir, data), runJob: converter(dividedBy(254.5)) });
  expect(third.record.path).not.toBe(first.record.path);
  const { manifest } = await loadBundle(dir);
  expect(manifest.variants).toEqual([third.record]);
  expect(await readdir(join(dir, 'variants'))).toEqual([third.record.path.split('/')[1]]);
});

test('a variant that gives no probability is kept aside, until one of its name passes', async () => {
  const folder = await temporaryFolder();
  const { dir } = await brightBundle(folder);
  const data = await brightDataset(folder, 30);
  // Grey is still below 1, bright pictures are not.
  const made = await quantize({ ...optionsFor(dir, data), runJob: converter(dividedBy(131)) });
  expect(made.record.gate.reason).toMatch(/^it gave no answer to \d+ of \d+ pictures$/);
  expect(await listAside(dir)).toHaveLength(1);
  await quantize({ ...optionsFor(dir, data), runJob: converter(dividedBy(256)) });
  expect(await listAside(dir)).toEqual([]);
});

test('a variant of a model that changed meanwhile is not taken in', async () => {
  const folder = await temporaryFolder();
  const { dir } = await brightBundle(folder);
  const data = await brightDataset(folder, 30);
  const convert = converter(dividedBy(256));
  const work = quantize({
    ...optionsFor(dir, data),
    runJob: async (spec) => {
      const result = await convert(spec);
      const made = join(spec.mounts[0]?.host ?? '', 'made.onnx');
      await reviseBundle({
        dir,
        add: [{ path: 'other.onnx', role: 'model', precision: 'fp32', copyFrom: made }],
        change: (manifest, added) => ({ ...manifest, files: [...added] }),
      });
      return result;
    },
  });
  // What was loaded is no longer there: the engine says so before anything is compared.
  await expect(work).rejects.toMatchObject({ code: 'ERR_BUNDLE_DAMAGED' });
  expect((await loadBundle(dir)).manifest.variants).toBeUndefined();
});
