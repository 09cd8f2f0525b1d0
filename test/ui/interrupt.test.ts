import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

let command: ChildProcess;

afterEach(() => command.kill('SIGKILL'));

async function started(): Promise<ChildProcess> {
  command = fork(join(import.meta.dirname, 'interrupted.ts'), { stdio: 'ignore' });
  expect(await once(command, 'message')).toEqual(['running', undefined]);
  return command;
}

describe('a command that runs a program while it is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('hears %s and ends in its own time', async (signal) => {
    const running = await started();
    running.kill(signal);
    expect(await once(running, 'message')).toEqual(['stopping', undefined]);
    running.send('end');
    expect(await once(running, 'message')).toEqual(['stopped', undefined]);
    expect(await once(running, 'exit')).toEqual([0, null]);
  });

  it('is ended by the second', async () => {
    const running = await started();
    running.kill('SIGINT');
    await once(running, 'message');
    running.kill('SIGINT');
    expect(await once(running, 'exit')).toEqual([null, 'SIGINT']);
  });
});
