import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { finished, Sandbox } from '../support/cli.ts';

const box = new Sandbox();
afterAll(() => box.remove());

it('prints everything to somebody who reads slowly', async () => {
  const folder = join(box.home, 'wallets', 'w', 'hotkeys');
  mkdirSync(folder, { recursive: true });
  const key = { ss58Address: '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi' };
  for (let count = 0; count < 600; count++) writeFileSync(join(folder, `key${count}`), JSON.stringify(key));
  const args = ['wallet', 'list', '--wallet-path', join(box.home, 'wallets')];
  const child = box.start(args);
  child.stdin.end();
  await new Promise<void>((resolve) => {
    child.stdout.once('readable', () => resolve());
  });
  // The reader is busy with something else for a second: what the system holds for it is full long before.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  const { stdout, exit } = await finished(child);
  expect(exit).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(602);
});
