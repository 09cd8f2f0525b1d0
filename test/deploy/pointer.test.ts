import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Pointer, readPointer, writePointer } from '../../src/deploy/pointer.ts';
import { temporaryFolder } from '../inference/models.ts';

const model = (name: string) => ({ name, version: '1.0.0', dir: `/models/${name}`, manifestSha256: 'ab' });
const POINTER: Pointer = { configured: '/models/a', live: model('b'), previous: model('a'), at: 1 };

test('what is written is read, readable for this user alone, and nothing is left beside it', async () => {
  const folder = join(await temporaryFolder(), 'deploy');
  const path = join(folder, 'x.json');
  await writePointer(path, POINTER);
  await writePointer(path, { ...POINTER, previous: null });
  expect(await readPointer(path)).toMatchObject({ ...POINTER, previous: null });
  expect(readdirSync(folder)).toEqual(['x.json']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a place that cannot be written to is an error that changes nothing', async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'x.json'));
  await expect(writePointer(join(folder, 'x.json'), POINTER)).rejects.toMatchObject({
    code: 'ERR_FILE_WRITE',
  });
  expect(readdirSync(folder)).toEqual(['x.json']);
});

test.each([
  ['nothing', undefined],
  ['half a file', '{"format":1,"configured":"/models/a","live":{"na'],
  ['another format', JSON.stringify({ format: 2, ...POINTER })],
  ['a model without a folder', JSON.stringify({ format: 1, ...POINTER, live: { name: 'b' } })],
  ['no object', 'null'],
])('%s counts as no note', async (_, text) => {
  const path = join(await temporaryFolder(), 'x.json');
  if (text !== undefined) writeFileSync(path, text);
  expect(await readPointer(path)).toBeNull();
});
