import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { moveIntoPlace, scratchFolder } from '../../src/scratch/index.ts';

const MODULE = JSON.stringify(new URL('../../src/scratch/scratch.ts', import.meta.url).href);

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sv72-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A process that makes such a folder and stays. */
async function maker(prefix: string, parent: string) {
  const code = `const { scratchFolder } = await import(${MODULE});
    console.log(await scratchFolder(${JSON.stringify(prefix)}, { parent: ${JSON.stringify(parent)} }));
    setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const made = String(line).trim();
  await writeFile(join(made, 'large'), 'pictures');
  return {
    made,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('what a killed process left is removed by the next, and nothing else is', async () => {
  const parent = await folder();
  const [killed, alive, other] = await Promise.all([
    maker('work-', parent),
    maker('work-', parent),
    maker('other-', parent),
  ]);
  for (const name of ['work-mine', 'work-00000000-1-00000000-00000000']) await mkdir(join(parent, name));
  await Promise.all([killed.kill(), other.kill()]);

  const kept = await scratchFolder('work-', { parent, inUse: async () => [killed.made] });
  expect(await readFile(join(killed.made, 'large'), 'utf8')).toBe('pictures');
  const own = await scratchFolder('work-', { parent });
  expect((await readdir(parent)).map((name) => join(parent, name)).sort()).toEqual(
    [
      ...[alive.made, other.made, kept, own],
      ...['work-mine', 'work-00000000-1-00000000-00000000'].map((name) => join(parent, name)),
    ].sort(),
  );
});

test('nobody else may enter it, unless that is wished', async () => {
  const parent = await folder();
  const mode = async (path: string) => (await stat(path)).mode & 0o777;
  expect(await mode(await scratchFolder('a-', { parent }))).toBe(0o700);
  expect(await mode(await scratchFolder('a-', { parent, mode: 0o750 }))).toBe(0o750);
});

test('a folder takes the place of another, and what was there is gone', async () => {
  const parent = await folder();
  const [from, target] = [join(parent, 'new'), join(parent, 'set')];
  for (const text of ['1', '2']) {
    await mkdir(from);
    await writeFile(join(from, 'text'), text);
    await moveIntoPlace(from, target);
    expect(await readFile(join(target, 'text'), 'utf8')).toBe(text);
  }
  expect(await readdir(parent)).toEqual(['set']);
});

test('what a killed process had put aside is kept until there is something in its place', async () => {
  const parent = await folder();
  const [from, target] = [join(parent, 'new'), join(parent, 'set')];
  const killed = await maker('.set.old-', parent);
  await killed.kill();
  await mkdir(from);
  await moveIntoPlace(from, target);
  expect(await readFile(join(killed.made, 'large'), 'utf8')).toBe('pictures');
  await mkdir(from);
  await moveIntoPlace(from, target);
  expect(await readdir(parent)).toEqual(['set']);
});
