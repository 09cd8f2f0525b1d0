import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Sv72Error } from '../../errors/index.ts';
import type { Orders } from './orders.ts';

/**
 * Starts the process that watches a job, in a session of its own.
 * @throws ERR_JOB_START when it ends before the job runs
 */
export async function startSupervisor(orders: Orders, env: Readonly<Record<string, string>>): Promise<void> {
  const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const child = spawn(process.execPath, [fileURLToPath(new URL(`process${ending}`, import.meta.url))], {
    cwd: orders.stateDir,
    env: { ...env, NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(orders));
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  const started = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    ended.then(() => false).catch(() => false),
  ]);
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  if (started) return;
  const why = said.trim().split('\n').at(-1) ?? '';
  throw new Sv72Error('ERR_JOB_START', `The process that watches a step could not be started: ${why}.`);
}
