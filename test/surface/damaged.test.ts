import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectSchema } from '../support/schema.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let copy: string;

beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'sv72-damaged-')));
  for (const part of ['package.json', 'bin', 'dist', 'oclif.manifest.json'])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

it.each([
  ['a command', 'dist/commands/errors.js', 'errors'],
  ['what a command needs', 'dist/src/chain/rules/price.js', 'paying'],
])('an installation without the file of %s says so, and blames no command line', (_, file, command) => {
  const missing = join(copy, file);
  rmSync(missing);
  const { status, stdout } = spawnSync(process.execPath, [join(copy, 'bin/run.js'), command, '--json'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: copy },
  });
  const failure = JSON.parse(stdout);
  expectSchema('failure', failure);
  expect(failure.error).toMatchObject({ code: 'ERR_BUG', details: { missing } });
  expect(failure.error.message).toContain('the installation of sv72 is damaged');
  expect(status).toBe(70);
});
