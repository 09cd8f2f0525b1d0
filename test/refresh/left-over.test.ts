import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { endLeftOver, spawner } from '../../src/refresh/index.ts';
import { noteProcess } from '../../src/refresh/run/left-over.ts';
import { folder } from './place.ts';

/** A process that says when it listens for signals. */
async function started(script: string) {
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1e6); console.log('up')`]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, ended };
}

it.each([
  ['is interrupted, and saves what it has', "process.on('SIGINT', () => process.exit(7))", 60_000, [7, null]],
  ['that does not listen is killed', "process.on('SIGINT', () => {})", 0, [null, 'SIGKILL']],
])('a command that was left behind %s', async (_, script, graceMs, end) => {
  const note = join(folder(), 'step.json');
  const { child, ended } = await started(script);
  await noteProcess(note, child.pid);
  expect(await endLeftOver(note, graceMs)).toBe(true);
  expect(await ended).toEqual(end);
  expect(existsSync(note)).toBe(false);
  expect(await endLeftOver(note, graceMs)).toBe(false);
});

it('a process of the same number that is another one is left alone', async () => {
  const note = join(folder(), 'step.json');
  const { child } = await started('');
  writeFileSync(note, JSON.stringify({ pid: child.pid, start: 'long ago' }));
  expect(await endLeftOver(note)).toBe(false);
  expect(child.exitCode).toBeNull();
});

it.skipIf(process.platform === 'win32')(
  'a command is out of reach of the terminal’s Ctrl-C, and is interrupted once, by us',
  async () => {
    const dir = folder();
    const program = join(dir, 'program.mjs');
    writeFileSync(
      program,
      `import { writeFileSync } from 'node:fs';
       let signals = 0;
       process.on('SIGINT', () => { signals += 1; console.log(JSON.stringify({ signals })); clearInterval(on); });
       const on = setInterval(() => {}, 1e6);
       writeFileSync(${JSON.stringify(join(dir, 'up'))}, '');`,
    );
    const note = join(dir, 'step.json');
    const interrupt = new AbortController();
    const running = spawner({ program, note })([], { signal: interrupt.signal, log: join(dir, 'log') });
    await expect.poll(() => existsSync(join(dir, 'up')), { timeout: 20_000 }).toBe(true);
    await expect.poll(() => existsSync(note)).toBe(true);
    interrupt.abort();
    expect(await running).toEqual({ exit: 0, result: { signals: 1 } });
    expect(existsSync(note)).toBe(false);
  },
);
