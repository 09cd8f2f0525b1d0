import { cp, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

const box = new Sandbox();
afterAll(() => box.remove());
const demo = join(import.meta.dirname, '..', '..', 'models', 'demo');

test('show says what a bundle is', async () => {
  const { json, exit } = await box.json(['bundle', 'show', demo]);
  expectSchema('bundle show', json);
  expect(exit).toBe(0);
  expect(json).toMatchObject({ ok: true, manifest: { demo: true, input: { dtype: 'uint8' } } });
  expect((await box.run(['bundle', 'show', demo])).stdout).toContain('demonstration model');
});

test('verify --run loads the model and says where it runs', async () => {
  const { json, exit } = await box.json(['bundle', 'verify', demo, '--run', '--device', 'cpu']);
  expectSchema('bundle verify', json);
  expect(exit).toBe(0);
  expect(json).toMatchObject({ ok: true, run: { device: 'cpu', precision: 'fp32', threads: 1 } });
});

test('verify names the damaged file, and the exit code says so', async () => {
  const copy = join(box.home, 'copy');
  await cp(demo, copy, { recursive: true });
  await truncate(join(copy, 'model.onnx'), 1000);
  const { json, exit } = await box.json(['bundle', 'verify', copy, '--run']);
  expectSchema('bundle verify', json);
  expect(exit).toBe(1);
  expect(json).toMatchObject({ ok: false, run: null });
  const { stdout } = await box.run(['bundle', 'verify', copy]);
  expect(stdout).toMatch(/^DAMAGED +model\.onnx .*: it has 1000 bytes/m);
});

test('a folder without a bundle', async () => {
  const { json, exit } = await box.json(['bundle', 'verify', box.home]);
  expectSchema('failure', json);
  expect(exit).toBe(1);
  expect(json).toMatchObject({ error: { code: 'ERR_BUNDLE_MISSING' } });
});
