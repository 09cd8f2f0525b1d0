import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { finished } from '../support/cli.ts';

const MAIN = fileURLToPath(new URL('../support/devchain/main.ts', import.meta.url));
const start = (...args: string[]) => spawn(process.execPath, [MAIN, ...args]);

async function rpc(url: string, method: string, ...params: unknown[]): Promise<unknown> {
  const response = await fetch(url.replace('ws:', 'http:'), {
    method: 'POST',
    body: JSON.stringify({ id: 1, method, params }),
  });
  return ((await response.json()) as { result: unknown }).result;
}

test('says where it is and who has money, gives some, and ends when asked', async () => {
  const child = start(
    '--port',
    '0',
    '--slot-ms',
    'manual',
    '--fund',
    '5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL=1.5',
  );
  const end = finished(child);
  let said = '';
  while (!said.includes('dev_fund')) said += String((await once(child.stdout, 'data'))[0]);
  expect(said).toMatch(/\/\/Alice .*5Grwva.* τ 1000\.0/);
  expect(said).toMatch(/\/\/Ferdie .* τ 1\.5/);
  const url = /ws:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  const before = Number(await rpc(url, 'dev_mine', 1));
  expect(await rpc(url, 'dev_mine', 2)).toBe(before + 2);
  expect(await rpc(url, 'system_chain')).toBe('Bittensor');
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ exit: 0, stderr: '' });
});

test.each([
  [['--scenario', 'heaven'], /No scenario heaven; there are paying/],
  [['--variant', 'tomorrow'], /--variant is one of spec424/],
  [['--slot-ms', 'soon'], /--slot-ms wants a whole number/],
  [['--fund', '5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL'], /wants ADDRESS=TAO/],
])('refuses %j in a line', async (args, message) => {
  const { exit, stderr } = await finished(start('--port', '0', ...args));
  expect(exit).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a port that is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { exit, stderr } = await finished(start('--port', port));
  taken.close();
  expect(exit).toBe(1);
  expect(stderr).toBe(`Port ${port} is taken; give another with --port.\n`);
});
