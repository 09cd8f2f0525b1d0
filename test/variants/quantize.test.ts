import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadBundle } from '../../src/bundle/index.ts';
import { listAside, listVariants, prepareQuantize, quantize } from '../../src/variants/index.ts';
import {
  brightBundle,
  brightDataset,
  converter,
  dividedBy,
  jobResult,
  optionsFor,
  temporaryFolder,
} from './stage.ts';

const snapshot = async (dir: string) => ({
  names: (await readdir(dir, { recursive: true })).sort(),
  manifest: await readFile(join(dir, 'sv72.json'), 'utf8'),
});

describe('a variant', () => {
  test('that decides alike enters the bundle with its proof', async () => {
    const folder = await temporaryFolder();
    const { dir } = await brightBundle(folder);
    const data = await brightDataset(folder, 40);
    const scratch = await temporaryFolder();
    const made = await quantize({
      ...optionsFor(dir, data, { scratch }),
      runJob: converter(dividedBy(256)),
    });
    expect(made.record).toMatchObject({
      name: 'int8-static',
      gate: { passed: true, reason: null, flips: 0, device: 'cpu', dataset: { name: 'bright' } },
      settings: { method: 'percentile', calibration: 8 },
      tools: { onnxruntime: '1.31.1' },
    });
    expect(made.record.gate.pictures).toBeGreaterThanOrEqual(40);
    expect(made.record.gate.worst).toBeGreaterThan(0);
    const { manifest, dir: same } = await loadBundle(dir);
    expect(same).toBe(dir);
    expect(manifest.variants).toEqual([made.record]);
    const [base, variant] = listVariants(manifest, []);
    const { sourceMs } = made.record.latency;
    expect(base).toMatchObject({ name: 'fp32', state: 'base', latency: { sourceMs, variantMs: sourceMs } });
    expect(variant).toMatchObject({ name: 'int8-static', state: 'passed', path: made.record.path });
    expect(await readdir(scratch)).toEqual([]);
    expect(await readdir(folder)).toEqual(['bundle', 'dataset']);
  });

  test('that decides differently is kept aside, and the bundle stays as it is', async () => {
    const folder = await temporaryFolder();
    const { dir } = await brightBundle(folder);
    const data = await brightDataset(folder, 30);
    const before = await snapshot(dir);
    const made = await quantize({ ...optionsFor(dir, data), runJob: converter(dividedBy(700)) });
    expect(made.record.gate).toMatchObject({
      passed: false,
      reason: expect.stringMatching(
        /^it decides differently on \d+ of \d+ pictures \(\d+ %\), more than the 0\.2 % allowed$/,
      ),
    });
    expect(await snapshot(dir)).toEqual(before);
    expect((await stat(made.file)).size).toBe(made.bytes);
    const aside = await listAside(dir);
    expect(aside.map(({ record }) => record)).toEqual([made.record]);
    const rows = listVariants((await loadBundle(dir)).manifest, aside);
    expect(rows.at(-1)).toMatchObject({
      name: 'int8-static',
      state: 'rejected',
      precision: 'int8',
      servedOn: [],
    });
  });
});

describe('nothing is changed when', () => {
  test.each([
    [
      'the conversion says why it cannot',
      jobResult('failed', { error: { code: 'nothing', message: 'no Gemm.' } }),
      'ERR_QUANTIZE',
      'no Gemm',
    ],
    ['the conversion dies', jobResult('failed'), 'ERR_QUANTIZE', 'it went wrong'],
    ['the conversion is stopped', jobResult('stopped'), 'ERR_INTERRUPTED', 'Interrupted'],
  ])('%s', async (_, result, code, words) => {
    const folder = await temporaryFolder();
    const { dir } = await brightBundle(folder);
    const data = await brightDataset(folder, 20);
    const before = await snapshot(dir);
    const recipe = { kind: 'fp16', method: 'percentile', reduceRange: false, autocast: false } as const;
    const scratch = await temporaryFolder();
    await expect(
      quantize({ ...optionsFor(dir, data, { scratch, recipe }), runJob: async () => result }),
    ).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
    expect(await snapshot(dir)).toEqual(before);
    expect(await readdir(scratch)).toEqual([]);
  });

  test('there is one class only to judge on', async () => {
    const folder = await temporaryFolder();
    const { dir } = await brightBundle(folder);
    const data = await brightDataset(folder, 20, [1]);
    await expect(prepareQuantize(optionsFor(dir, data))).rejects.toMatchObject({ code: 'ERR_GATE_PICTURES' });
  });

  test('it is interrupted', async () => {
    const folder = await temporaryFolder();
    const { dir } = await brightBundle(folder);
    const data = await brightDataset(folder, 20);
    const stop = new AbortController();
    stop.abort();
    const work = quantize({
      ...optionsFor(dir, data, { signal: stop.signal }),
      runJob: converter(dividedBy(256)),
    });
    await expect(work).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
  });
});
