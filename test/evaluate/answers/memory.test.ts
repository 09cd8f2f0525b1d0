import { appendFile, mkdtemp, readFile, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openMemory } from '../../../src/evaluate/answers/memory.ts';
import { temporaryFolder } from '../photos.ts';

/** Only root may mount, and not in every container. */
const probe = await mkdtemp(join(tmpdir(), 'sv72-mount-'));
const canMount = await execa('mount', ['-t', 'tmpfs', 'tmpfs', probe]).then(
  () => execa('umount', [probe]).then(() => true),
  () => false,
);
await rmdir(probe);

const answer = { p: 0.25, width: 640, height: 480 };

describe('remembered answers', () => {
  it('are there for the next run', async () => {
    const path = join(await temporaryFolder(), 'deep', 'memory.jsonl');
    const first = await openMemory(path);
    first.put('a', answer);
    expect(first.get('a')).toEqual(answer);
    await first.close();
    const second = await openMemory(path);
    expect(second.get('a')).toEqual(answer);
    expect(second.get('b')).toBeUndefined();
    await second.close();
  });

  it('are written as they come, not only at the end', async () => {
    const path = join(await temporaryFolder(), 'memory.jsonl');
    const memory = await openMemory(path);
    for (let i = 0; i < 100; i++) memory.put(String(i), answer);
    await expect.poll(async () => (await readFile(path, 'utf8')).split('\n').length).toBeGreaterThan(90);
    await memory.close();
  });

  it('survive a line that was cut off', async () => {
    const path = join(await temporaryFolder(), 'memory.jsonl');
    const first = await openMemory(path);
    first.put('a', answer);
    await first.close();
    await appendFile(path, '["b",0.5,6');
    const second = await openMemory(path);
    expect(second.get('b')).toBeUndefined();
    second.put('c', answer);
    await second.close();
    const third = await openMemory(path);
    expect([third.get('a'), third.get('c')]).toEqual([answer, answer]);
    await third.close();
  });

  it('of two runs at a time are all kept', async () => {
    const path = join(await temporaryFolder(), 'memory.jsonl');
    const [one, two] = [await openMemory(path), await openMemory(path)];
    for (let i = 0; i < 200; i++) (i % 2 === 0 ? one : two).put(String(i), { ...answer, p: i / 200 });
    await Promise.all([one.close(), two.close()]);
    const both = await openMemory(path);
    for (let i = 0; i < 200; i++) expect(both.get(String(i))?.p).toBe(i / 200);
    await both.close();
  });

  it('are never anything but probabilities, whatever the file holds', async () => {
    const path = join(await temporaryFolder(), 'memory.jsonl');
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.anything(), fc.anything(), fc.anything())
        .map((each) =>
          JSON.stringify(each, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        await writeFile(path, lines.join('\n'));
        const memory = await openMemory(path);
        for (const key of ['a', 'b']) {
          const found = memory.get(key);
          if (found !== undefined) expect(found.p >= 0 && found.p <= 1).toBe(true);
        }
        await memory.close();
      }),
      { numRuns: 60 },
    );
  });

  it.runIf(canMount)('on a disk that fills up are kept as far as there was room', async () => {
    const folder = await temporaryFolder();
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'tmpfs', folder]);
    onTestFinished(async () => {
      await execa('umount', [folder]);
    });
    const path = join(folder, 'memory.jsonl');
    const first = await openMemory(path);
    for (let i = 0; i < 1000; i++) first.put(String(i), answer);
    expect(first.get('999')).toEqual(answer);
    expect(await first.close()).toContain('ENOSPC');
    const second = await openMemory(path);
    expect(second.get('0')).toEqual(answer);
    expect(second.get('999')).toBeUndefined();
    await second.close();
  });

  it('that cannot be kept are one clear error', async () => {
    await expect(openMemory('/dev/null/memory.jsonl')).rejects.toMatchObject({ code: 'ERR_FILE_WRITE' });
  });
});
