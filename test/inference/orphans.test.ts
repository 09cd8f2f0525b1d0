import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { bundleOf } from './models.ts';

test('engine processes end when their parent is killed', async () => {
  const bundle = await bundleOf('mean-uint8');
  const parent = fork(join(import.meta.dirname, 'parent.ts'), [bundle.dir], {
    stdio: 'ignore',
    execArgv: [],
  });
  const [pids] = await once(parent, 'message');
  expect(pids).toHaveLength(2);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await vi.waitFor(
    () => {
      for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    },
    { timeout: 10_000, interval: 10 },
  );
});
