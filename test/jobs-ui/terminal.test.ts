import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';

const ASKS = fileURLToPath(new URL('asks.ts', import.meta.url));
const SHOWS = fileURLToPath(new URL('shows.ts', import.meta.url));

/** What a person sees go by on a terminal of 120 columns. */
async function screen(outcome: string): Promise<string> {
  const command = `stty cols 120 rows 40; '${process.execPath}' '${SHOWS}' ${outcome}`;
  const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1' },
  });
  return stripVTControlCharacters(stdout);
}

it('keeps the phases of a job with their last words, and what is to be known beside them', async () => {
  const text = await screen('done');
  for (const part of [
    '✔ Looking at this machine',
    '✔ Preparing: packages',
    'Started job-1 (local); log: /log',
    '100 %  5/5',
    '✔ cache',
    'Warning: few pictures',
    'loss 0.5',
    '✔ train',
  ]) {
    expect(text).toContain(part);
  }
});

it('marks the phase in which it failed', async () => {
  expect(await screen('failed')).toMatch(/✖ train/);
});

it('offers to show, to stop, or to run beside a job from before', async () => {
  const command = `stty cols 120 rows 40; '${process.execPath}' '${ASKS}'`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1' },
  });
  let text = '';
  let keys = ['\u001b[B', '\r'];
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (!text.includes('Start this one beside it')) continue;
    for (const key of keys) child.stdin.write(key);
    keys = [];
  }
  expect(text).toContain('test-1 runs already and writes to the same folder');
  expect(text).toContain('decided: stop');
});
