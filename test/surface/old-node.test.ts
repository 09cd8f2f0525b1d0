import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { finished, Sandbox } from '../support/cli.ts';

const box = new Sandbox();
afterAll(() => box.remove());

/** Makes the first process believe that it is an older Node; the one that it starts is as it is. */
const AS_OLD = `data:text/javascript,${encodeURIComponent(
  "delete process.env.NODE_OPTIONS; Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })",
)}`;
const old = { NODE_OPTIONS: `--import=${AS_OLD}` };

it('what an old Node loads imports by name only what an old Node has', () => {
  const script = readFileSync(join(import.meta.dirname, '..', '..', 'bin', 'run.js'), 'utf8');
  const named = [...script.matchAll(/^import \{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  const since18 = ['spawn', 'existsSync', 'dirname', 'fileURLToPath', 'tmpdir', 'userInfo'];
  expect(named.filter((name) => !since18.includes(name))).toEqual([]);
});

it('an old Node hands on the descriptors that a flag names', async () => {
  const args = ['wallet', 'new-hotkey', '-w', 'w', '-H', 'h', '--mnemonic-fd', '4', '--json'];
  const child = box.start(args, { env: old, descriptors: ['', ''] });
  let words = '';
  child.stdio[4]?.on('data', (bytes: Buffer) => {
    words += bytes.toString();
  });
  child.stdin.end();
  const result = await finished(child);
  expect(result, result.stderr).toMatchObject({ exit: 0 });
  expect(words.trim().split(' ')).toHaveLength(12);
});

it('an old Node hands on a signal, and ends as what it started', async () => {
  const child = box.start(
    ['serve', '-w', 'w', '-H', 'h', '--offline', '--allow-any', '--port', '0', '--no-metrics', '--json'],
    { env: old },
  );
  child.stdout.once('data', () => child.kill('SIGTERM'));
  const result = await finished(child);
  expect(result, result.stderr).toMatchObject({ exit: 0, signal: null });
  expect(result.stdout).toContain('"stopped"');
});

it('an empty HOME is as good as none', async () => {
  const result = await box.json(['wallet', 'list'], { env: { HOME: '' } });
  expect(result.json).not.toMatchObject({ path: '/.bittensor/wallets' });
});
