import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';

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
