import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { type CliOptions, type Finished, finished, Sandbox } from '../../support/cli.ts';

export const PHRASE = 'old leopard transfer rib spatial phone calm indicate online fire caution review';
export const PHRASE_SS58 = '5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX';
export const SEED_11 = '11'.repeat(32);
export const V = '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi';
export const M = '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA';

/** A sandbox of one test, whose wallets are in the default folder. */
export function sandbox(): Sandbox & { readonly wallets: string } {
  const box = new Sandbox();
  onTestFinished(() => box.remove());
  return Object.assign(box, { wallets: join(box.home, '.bittensor', 'wallets') });
}

/** All files below a folder with their contents; empty when there is no such folder. */
export function contents(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => lstatSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  );
}

/** Runs `sv72 wallet …args` and collects what it writes to file descriptor `fd`, too. */
export async function runWithOutput(
  box: Sandbox,
  args: readonly string[],
  fd: number,
  options: CliOptions = {},
): Promise<Finished & { readonly written: string }> {
  const descriptors = [...(options.descriptors ?? [])];
  while (descriptors.length < fd - 2) descriptors.push('');
  const child = box.start(['wallet', ...args], { ...options, descriptors });
  child.stdin.end();
  let written = '';
  const pipe = child.stdio[fd] as Readable;
  pipe.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  const result = await finished(child);
  return { ...result, written };
}
