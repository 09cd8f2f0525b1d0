import { createHash } from 'node:crypto';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openHashMemory } from '../../src/hub/index.ts';
import { temporaryFolder } from './place.ts';

const LARGE = 9 * 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function large() {
  const folder = await temporaryFolder();
  const path = join(folder, 'weights');
  await writeFile(path, Buffer.alloc(LARGE, 1));
  return { folder, path };
}

it('remembers a large file from one run to the next', async () => {
  const { folder, path } = await large();
  const first = await openHashMemory(folder);
  expect(await first.digest(path)).toEqual({ sha256: sha256(Buffer.alloc(LARGE, 1)) });
  await first.save();
  // What is remembered is what is answered: a planted hash comes back, so the file is not read.
  const memory = join(folder, 'hub', 'hashes.json');
  await writeFile(memory, (await readFile(memory, 'utf8')).replace(/"[0-9a-f]{64}"/, `"${'0'.repeat(64)}"`));
  expect(await (await openHashMemory(folder)).digest(path)).toEqual({ sha256: '0'.repeat(64) });
});

it('reads a file again that changed, even to the same size and time', async () => {
  const { folder, path } = await large();
  const memory = await openHashMemory(folder);
  await memory.digest(path);
  const when = new Date(1_700_000_000_000);
  await utimes(path, when, when);
  await memory.digest(path);
  await writeFile(path, Buffer.alloc(LARGE, 2));
  await utimes(path, when, when);
  expect(await memory.digest(path)).toEqual({ sha256: sha256(Buffer.alloc(LARGE, 2)) });
});

it.each(['', '{', '{"format":2,"files":[]}', '{"format":1,"files":[{"key":1}]}'])(
  'a memory of %j is an empty one',
  async (text) => {
    const { folder, path } = await large();
    await (await openHashMemory(folder)).save();
    const memory = await openHashMemory(folder);
    await memory.digest(path);
    await memory.save();
    await writeFile(join(folder, 'hub', 'hashes.json'), text);
    expect(await (await openHashMemory(folder)).digest(path)).toEqual({
      sha256: sha256(Buffer.alloc(LARGE, 1)),
    });
  },
);
