import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keypairFromSeed } from '../../src/wallet/index.ts';
import { AXON_SEED } from '../requests/streams.ts';
import { allowedHotkeys } from './callers.ts';
import { end, type Peer, type RunningPeer } from './peer.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** What `serve --json` says of one challenge, as far as it matters here. */
interface ServedChallenge {
  readonly source: string | null;
  readonly times: { readonly decodeMs: number | null; readonly inferMs: number | null };
}

export interface RunningServe extends RunningPeer {
  /** Challenges answered so far. */
  readonly challenges: readonly ServedChallenge[];
}

/** The whole miner, `sv72 serve --offline`, with the demonstration model. */
export function servePeer(options: { readonly bundle?: string } = {}): Peer & {
  start(): Promise<RunningServe>;
} {
  return {
    id: 'sv72-serve',
    label: 'sv72 serve, demonstration model',
    computes: true,
    async start() {
      const home = mkdtempSync(join(tmpdir(), 'sv72-bench-'));
      writeHotkey(home);
      const callers = join(home, 'callers.txt');
      writeFileSync(callers, `${allowedHotkeys().join('\n')}\n`);
      const args = [
        'serve',
        '--offline',
        '--json',
        '--host',
        '127.0.0.1',
        '--port',
        '0',
        '--metrics-port',
        '0',
      ];
      args.push('--wallet-name', 'bench', '--hotkey', 'bench', '--allow-file', callers);
      if (options.bundle) args.push('--bundle', options.bundle);
      const startedAt = performance.now();
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        env: { PATH: process.env.PATH ?? '', HOME: home },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const challenges: ServedChallenge[] = [];
      const listening = Promise.withResolvers<{ hotkey: string; port: number }>();
      child.once('exit', () => listening.reject(new Error('sv72 serve ended')));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const event = JSON.parse(line);
        if (event.event === 'listening') listening.resolve(event.axons[0]);
        else if (event.event === 'challenge') challenges.push({ source: event.source, times: event.times });
      });
      const { hotkey, port } = await listening.promise;
      return {
        target: { host: '127.0.0.1', hotkey, port },
        pid: child.pid ?? 0,
        startedAt,
        challenges,
        async stop() {
          await end(child);
          rmSync(home, { recursive: true, force: true });
        },
      };
    },
  };
}

function writeHotkey(home: string): void {
  const folder = join(home, '.bittensor/wallets/bench/hotkeys');
  const { publicKey, ss58 } = keypairFromSeed(Buffer.from(AXON_SEED.slice(2), 'hex'));
  const hex = `0x${Buffer.from(publicKey).toString('hex')}`;
  mkdirSync(folder, { recursive: true });
  const keyfile = { accountId: hex, publicKey: hex, secretSeed: AXON_SEED, ss58Address: ss58 };
  writeFileSync(join(folder, 'bench'), JSON.stringify(keyfile), { mode: 0o600 });
}
