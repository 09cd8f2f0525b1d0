import { readFileSync } from 'node:fs';
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

it.each([[['--help']], [['--version']], [['errors']], [['wallet', 'list']]])(
  '%j loads neither schema nor YAML nor anything native',
  async (args) => {
    const packages = await packagesOf(args);
    expect(packages).toContain('@oclif/core');
    for (const heavy of ['zod', 'yaml', 'sharp', 'onnxruntime-node', '@noble/curves', '@inquirer/prompts']) {
      expect(packages).not.toContain(heavy);
    }
  },
);

it.each([[['config', 'show']], [['serve', '--help']]])('%j loads nothing heavy', async (args) => {
  const packages = await packagesOf(args);
  for (const heavy of ['sharp', 'onnxruntime-node', 'prom-client', '@inquirer/prompts']) {
    expect(packages).not.toContain(heavy);
  }
  expect(packages.filter((name) => name.startsWith('@polkadot/'))).toEqual([]);
});
