import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { allowedHotkeys, axonHotkey } from './callers.ts';
import { end, firstLine, type Peer } from './peer.ts';

const PROGRAM = fileURLToPath(new URL('./constant-axon.mjs', import.meta.url));

/** What `sv72 serve` gives itself. */
const SMALL_HEAP = [
  '--max-semi-space-size=2',
  '--max-old-space-size=512',
  '--optimize-for-size',
  '--no-maglev',
];
const SMALL_MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

/** Our axon with an answer function that returns a constant. */
export function constantPeer(nodeFlags: readonly string[] = SMALL_HEAP): Peer {
  return {
    id: 'sv72-constant',
    label: 'sv72, constant answer',
    computes: false,
    async start() {
      const startedAt = performance.now();
      const child = spawn(process.execPath, [...nodeFlags, PROGRAM, axonHotkey(), ...allowedHotkeys()], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ...SMALL_MALLOC },
      });
      const told = await firstLine(child, (line) => JSON.parse(line) as { port: number; hotkey: string });
      return {
        target: { host: '127.0.0.1', ...told },
        pid: child.pid ?? 0,
        startedAt,
        stop: () => end(child),
      };
    },
  };
}
