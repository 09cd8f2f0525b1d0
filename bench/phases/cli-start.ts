import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { percentile } from '../measure/percentile.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

export interface CliStart {
  readonly bareNodeMs: number | null;
  readonly helpMs: number | null;
  readonly walletListMs: number | null;
  /** Three times bare node plus 150 ms. */
  readonly limitMs: number;
}

/** Wall time of short commands, medians; taken in turn, so that a disturbance meets all of them. */
export function measureCliStart(runs: number): CliStart {
  const home = mkdtempSync(join(tmpdir(), 'sv72-bench-'));
  mkdirSync(join(home, '.bittensor/wallets/one/hotkeys'), { recursive: true });
  const time = (args: readonly string[]): number => {
    const begun = performance.now();
    const result = spawnSync(process.execPath, args, { env: { PATH: process.env.PATH ?? '', HOME: home } });
    if (result.status !== 0) throw new Error(`${args.join(' ')}: ${result.stderr}`);
    return performance.now() - begun;
  };
  const commands = [
    ['-e', '0'],
    [PROGRAM, '--help'],
    [PROGRAM, 'wallet', 'list'],
  ];
  try {
    for (const command of commands) time(command);
    const times = commands.map((): number[] => []);
    for (let i = 0; i < runs; i += 1)
      for (const [at, command] of commands.entries()) times[at]?.push(time(command));
    const [bareNodeMs = null, helpMs = null, walletListMs = null] = times.map((list) => percentile(list, 50));
    return { bareNodeMs, helpMs, walletListMs, limitMs: Math.round(3 * (bareNodeMs ?? 0) + 150) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
