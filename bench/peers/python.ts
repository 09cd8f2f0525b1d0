import { spawn } from 'node:child_process';
import { type PythonSet, pythonEnvironment } from '../../test/interop/support/venvs.ts';
import { AXON_SEED } from '../requests/streams.ts';
import { allowedHotkeys } from './callers.ts';
import { end, firstLine, type Peer } from './peer.ts';

/** The SDK's own axon with a forward function that answers a constant. */
export function pythonPeer(set: PythonSet, version: string): Peer {
  return {
    id: `python-${version}`,
    label: `bittensor ${version}`,
    computes: false,
    async start() {
      const { python, peer } = await pythonEnvironment(set);
      const allow = allowedHotkeys().flatMap((hotkey) => ['--allow', hotkey]);
      const startedAt = performance.now();
      const child = spawn(python, [peer('axon_peer.py'), '--seed', AXON_SEED, ...allow], {
        stdio: ['pipe', 'pipe', 'ignore'],
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
