import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { Sandbox } from '../support/cli.ts';

const box = new Sandbox();
afterAll(() => box.remove());

it('bin/dev.js runs the sources where nothing was built', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const copy = join(box.home, 'clone');
  for (const name of ['bin', 'commands', 'src', 'package.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const text = execFileSync(process.execPath, [join(copy, 'bin', 'dev.js'), 'explain', 'usage', '--json'], {
    env: box.env(),
    encoding: 'utf8',
  });
  expect(JSON.parse(text)).toMatchObject({ code: 'ERR_USAGE' });
});
