import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { finished, Sandbox } from '../support/cli.ts';
import { expectSchema } from '../support/schema.ts';

const box = new Sandbox();
afterAll(() => box.remove());

const PHRASE = 'old leopard transfer rib spatial phone calm indicate online fire caution review';

describe('usage errors', () => {
  it.each([
    [['confg'], 'sv72 config'],
    [['config', 'shwo'], 'config show'],
    [['config', 'show', '--nope'], '--help'],
    [['explain'], '--help'],
  ])('%j is one sentence with a next step and exit 2', async (args, hint) => {
    const result = await box.run(args);
    expect(result).toMatchObject({ exit: 2, stdout: '' });
    expect(result.stderr).toContain(hint);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    const json = await box.json(args);
    expectSchema('failure', json.json);
    expect(json.json).toMatchObject({ error: { code: 'ERR_USAGE', exit: 2 } });
  });

  it.each([
    [
      ['register', '--max-price', 'abc'],
      '--max-price: An amount of TAO is a decimal number with at most nine decimals.',
      'Write it like 0.05.',
    ],
    [['paying', '--watch', '--every', 'abc'], '--every: "abc" is neither a time nor a number', '30m'],
    [['proxy', 'add', '--delay', 'abc'], '--delay: Expected an integer but received: abc.', '--help'],
    [['wallet', 'sign', '--password-fd', 'abc'], '--password-fd: A flag that ends in -fd', 'Open a file'],
  ])('%j names the flag and says what is wrong with its value', async (args, sentence, next) => {
    const result = await box.run(args);
    expect(result).toMatchObject({ exit: 2, stdout: '' });
    const [first, second] = result.stderr.split('\n');
    expect(first).toContain(`Error: ${sentence}`);
    expect(second).toContain(next);
    expect(result.stderr).not.toMatch(/Parsing|See more help|\t/);
  });

  it('does not repeat words that may be a secret', async () => {
    for (const args of [
      ['config', 'path', ...PHRASE.split(' ')],
      ['wallet', 'regen-coldkey', `--mnemonc=${PHRASE}`],
      ['wallet', 'regen-coldkey', `--mnemonc=${PHRASE}`, '--sed=leopard'],
      ['config', 'path', `0x${'5e'.repeat(32)}`],
    ]) {
      const result = await box.run(args);
      expect(result.exit).toBe(2);
      expect(result.stderr).not.toContain('leopard');
      expect(result.stderr).not.toContain('5e5e');
    }
  });

  it('understands both generations of --json', async () => {
    for (const flag of ['--json', '--json-output', '--json-out']) {
      expect(JSON.parse((await box.run(['config', 'path', flag])).stdout)).toMatchObject({ exists: false });
    }
    expect(JSON.parse((await box.run(['config', 'path'], { env: { SV72_JSON: '1' } })).stdout)).toBeTypeOf(
      'object',
    );
  });

  it('shows no colour codes, whatever the environment asks for, in JSON', async () => {
    const result = await box.run(['config', 'show', '--json'], { env: { FORCE_COLOR: '3' } });
    expect(() => JSON.parse(result.stdout)).not.toThrow();
  });

  it('ends quietly when the reader of its output goes away', async () => {
    const child = box.start(['config', 'show']);
    child.stdout.destroy();
    const result = await finished(child);
    expect(result.stderr).toBe('');
  });
});

it('remarks that nobody reads do not break off the work', async () => {
  const child = box.start(['paying', '--network', 'ws://127.0.0.1:1']);
  child.stderr.destroy();
  child.stdin.end();
  expect((await finished(child)).exit).toBe(3);
});

it('a current folder that is gone is no bug', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sv72-gone-'));
  const run = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
  const script = `rmdir '${folder}' && exec '${process.execPath}' '${run}' wallet list`;
  const result = spawnSync('sh', ['-c', script], { cwd: folder, env: box.env(), encoding: 'utf8' });
  expect(result.stderr).toContain('The current folder does not exist any more.');
  expect(result.status).toBe(3);
});
