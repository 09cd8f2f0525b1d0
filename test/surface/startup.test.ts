import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Sandbox } from '../support/cli.ts';

const box = new Sandbox();
afterAll(() => box.remove());

const PRELOAD = new URL('../support/list-modules.js', import.meta.url).href;

async function packagesOf(args: string[]): Promise<string[]> {
  const list = join(box.home, 'modules.json');
  const result = await box.run(args, { env: { NODE_OPTIONS: `--import=${PRELOAD}`, LIST_MODULES: list } });
  expect(result.exit, result.stderr).toBe(0);
  return JSON.parse(readFileSync(list, 'utf8'));
}

it.each([
  [['--help']],
  [['--version']],
  [['errors']],
  [['wallet', 'list']],
  [['explain', 'NotEnoughBalanceToStake']],
])('%j loads neither schema nor YAML nor anything native', async (args) => {
  const packages = await packagesOf(args);
  expect(packages).toContain('@oclif/core');
  for (const heavy of ['zod', 'yaml', 'sharp', 'onnxruntime-node', '@noble/curves', '@inquirer/prompts']) {
    expect(packages).not.toContain(heavy);
  }
});

it.each([[['config', 'show']], [['serve', '--help']]])('%j loads nothing heavy', async (args) => {
  const packages = await packagesOf(args);
  for (const heavy of ['sharp', 'onnxruntime-node', 'prom-client', '@inquirer/prompts']) {
    expect(packages).not.toContain(heavy);
  }
  expect(packages.filter((name) => name.startsWith('@polkadot/'))).toEqual([]);
});

it('no command loads the chain’s library, a socket or anything native before it runs', () => {
  const root = new URL('../../', import.meta.url);
  const commands = globSync('dist/commands/**/*.js', { cwd: root });
  expect(commands.length).toBeGreaterThan(20);
  const script = commands
    .map((file) => `await import(${JSON.stringify(new URL(file, root).href)});`)
    .join('\n');
  const list = join(box.home, 'commands.json');
  const args = ['--import', PRELOAD, '--input-type=module', '--eval', script];
  execFileSync(process.execPath, args, { env: { ...box.env(), LIST_MODULES: list } });
  const packages: string[] = JSON.parse(readFileSync(list, 'utf8'));
  expect(packages).toContain('@oclif/core');
  for (const heavy of ['ws', 'sharp', 'onnxruntime-node', '@inquirer/prompts']) {
    expect(packages).not.toContain(heavy);
  }
  expect(packages.filter((name) => name.startsWith('@polkadot/'))).toEqual([]);
});
