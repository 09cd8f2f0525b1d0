import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type AxonFacts, compareAxon, probe, probeText } from '../../src/presence/index.ts';

const AT = (ip: bigint, port = 8_091) => ({ block: 5, version: 1, ip, ipType: 4, port, protocol: 4 });
const GOOD: AxonFacts = {
  name: 'hk',
  netuid: 72,
  uid: 7,
  announced: AT(0x08080808n),
  wanted: { ip: '8.8.8.8', port: 8_091 },
  mapped: false,
  listening: { pid: 42, host: '::', port: 8_091, announcing: null },
};
const LISTENING = { pid: 42, host: '0.0.0.0', port: 8_091, announcing: null };

test.each<[string, Partial<AxonFacts>, string, RegExp]>([
  ['all agrees', {}, 'ok', /at 8\.8\.8\.8:8091, as it should be, and its miner \(process 42\)/],
  [
    'the settings say no address',
    { wanted: { ip: undefined, port: 8_091 } },
    'ok',
    /at 8\.8\.8\.8:8091, and its/,
  ],
  [
    'the port is mapped',
    { announced: AT(0x08080808n, 40_091), wanted: { ip: '8.8.8.8', port: 40_091 }, mapped: true },
    'ok',
    /40091/,
  ],
  [
    'one of several does not run',
    { listed: true, listening: undefined },
    'warning',
    /No miner of "hk" runs on this machine/,
  ],
  ['it is not registered', { uid: undefined }, 'failed', /no UID/],
  ['nothing is announced', { announced: undefined }, 'failed', /not announced/],
  ['it was taken back', { announced: AT(0n, 1) }, 'failed', /not announced/],
  [
    'a private address is announced',
    { announced: AT(0x0a000001n), wanted: { ip: '10.0.0.1', port: 8_091 } },
    'failed',
    /\(private\)/,
  ],
  [
    'another address is announced',
    { announced: AT(0x08080404n) },
    'failed',
    /but by the settings it is at 8\.8\.8\.8:8091/,
  ],
  [
    'another port is announced',
    { announced: AT(0x08080808n, 9), listening: { ...LISTENING, port: 9 } },
    'failed',
    /:9, but/,
  ],
  [
    'the running miner was given its port by a flag',
    {
      announced: AT(0x08080808n, 8_193),
      listening: { ...LISTENING, port: 8_193, announcing: { ip: '8.8.8.8', port: 8_193 } },
    },
    'ok',
    /8193/,
  ],
  [
    'the running miner announces a mapped port, and it is not there yet',
    { listening: { ...LISTENING, announcing: { ip: '8.8.8.8', port: 40_091 } } },
    'failed',
    /but by its running miner it is at 8\.8\.8\.8:40091/,
  ],
  ['nothing listens here', { listening: undefined }, 'warning', /No miner/],
  [
    'it listens on a loopback',
    { listening: { ...LISTENING, host: '127.0.0.1' } },
    'failed',
    /only this machine/,
  ],
  ['it listens on another port', { listening: { ...LISTENING, port: 9_999 } }, 'warning', /must be mapped/],
])('%s', (_, change, status, sentence) => {
  const findings = compareAxon({ ...GOOD, ...change });
  expect(findings).toEqual([expect.objectContaining({ status, sentence: expect.stringMatching(sentence) })]);
  for (const { status: found, fix } of findings) if (found !== 'ok') expect(fix).toMatch(/^sv72 /);
});

test('what mends one of several miners leaves the others as they are', () => {
  const fixOf = (change: Partial<AxonFacts>) => compareAxon({ ...GOOD, listed: true, ...change })[0]?.fix;
  expect(fixOf({ listening: undefined })).toBe('sv72 serve --all');
  expect(fixOf({ listening: { ...LISTENING, port: 9_999 } })).toContain('sv72 config path');
  expect(fixOf({ announced: undefined })).toBe('sv72 axon set --hotkey hk');
});

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('a connection from here proves what it proves', async () => {
  const http = await portOf(createServer((_, response) => response.writeHead(404).end()));
  expect(await probe('127.0.0.1', http)).toEqual({ kind: 'answered', status: 404 });
  const other = await portOf(createRawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6 something\r\n')));
  expect(await probe('127.0.0.1', other)).toEqual({ kind: 'accepted' });
  expect(await probe('127.0.0.1', 1)).toEqual({ kind: 'failed', reason: 'ECONNREFUSED' });
  const silent = await portOf(createRawServer(() => undefined));
  const waited = await probe('127.0.0.1', silent, 200);
  expect(waited).toEqual({ kind: 'accepted' });
  for (const result of [waited, await probe('127.0.0.1', http)]) {
    expect(probeText('8.8.8.8:1', result)).toMatch(/From this machine, .*not proved/);
    expect(probeText('8.8.8.8:1', result)).not.toMatch(/reachable/);
  }
});
