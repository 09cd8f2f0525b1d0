import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { connectChain } from '../../src/chain/index.ts';
import { RpcSocket } from '../../src/chain/rpc/socket.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { type Connected, connected, refused } from './connected.ts';

/** A node that says what it is told to say. */
async function node(answer: (socket: WebSocket, request: { id: number; method: string }) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket) => {
    socket.on('message', (data) => answer(socket, JSON.parse(String(data))));
  });
  const close = async () => {
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
  };
  servers.push(close);
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const servers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of servers.splice(0)) await close();
});

describe('an endpoint that talks nonsense', () => {
  it.each([
    ['no JSON', 'nonsense'],
    ['a list', '[]'],
    ['a number', '7'],
    ['null', 'null'],
  ])('(%s) is given up in time', async (_, text) => {
    const url = await node((socket) => socket.send(text));
    const error = await refused(connectChain({ network: url, timeoutMs: 200 }));
    expect(error.code).toMatch(/^ERR_CHAIN_(UNREACHABLE|TIMEOUT)$/);
  });

  it('in any way it likes never makes more than an error of ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 4 }), async (answers) => {
        let next = 0;
        const url = await node((socket, { id }) => {
          socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: answers[next++ % answers.length] }));
        });
        const thrown = await connectChain({ network: url, timeoutMs: 300 }).then(
          (chain) => chain.close(),
          (error: unknown) => error,
        );
        expect(thrown).toBeInstanceOf(Sv72Error);
      }),
      { numRuns: 40 },
    );
  });

  it('in an error cannot write to the terminal', async () => {
    const url = await node((socket, { id, method }) => {
      const genesis = method === 'chain_getBlockHash';
      const error = { code: 1, message: `\u001b[2Jgone\r\n${'x'.repeat(5000)}` };
      socket.send(
        JSON.stringify({ jsonrpc: '2.0', id, ...(genesis ? { result: `0x${'00'.repeat(32)}` } : { error }) }),
      );
    });
    const error = await refused(connectChain({ network: url, timeoutMs: 300 }));
    expect(error.code).toBe('ERR_CHAIN_RPC');
    expect(error.message).toContain('gone');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
    expect(error.message).not.toMatch(/[\u0000-\u001f]/);
    expect(error.message.length).toBeLessThan(400);
  });

  it('before it is asked loses no notification that comes before its subscription’s answer', async () => {
    const url = await node((socket, { id }) => {
      const told = (subscription: string, result: number) =>
        socket.send(JSON.stringify({ method: 'x', params: { subscription, result } }));
      told('other', 0);
      told('mine', 1);
      socket.send(JSON.stringify({ id, result: 'mine' }));
      told('mine', 2);
    });
    const socket = await RpcSocket.open(url, { timeoutMs: 1000 });
    const seen = await new Promise<unknown[]>((resolve) => {
      const all: unknown[] = [];
      void socket.subscribe('subscribe', [], 1000, (result) => {
        all.push(result);
        if (all.length === 2) resolve(all);
      });
    });
    expect(seen).toEqual([1, 2]);
    await socket.close();
  });
});

describe('values that do not fit', () => {
  let one: Connected;
  beforeAll(async () => {
    one = await connected();
  });
  afterAll(async () => await one.close());

  it.each([
    ['a netuid too large', { netuid: 65_536 }],
    ['a negative netuid', { netuid: -1 }],
    ['half a netuid', { netuid: 1.5 }],
    ['a missing price', { limit_price: undefined }],
    ['an address that is none', { hotkey: '5Grw' }],
    ['a public key that is too short', { hotkey: '0x1234' }],
    ['an argument that nobody knows', { price: 1n }],
  ])('%s is refused, by its name', async (_, wrong) => {
    const args = {
      netuid: 72,
      hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
      limit_price: 1n,
      ...wrong,
    };
    const error = await refused((async () => one.chain.compose('SubtensorModule', 'register_limit', args))());
    expect(error.code).toBe('ERR_CHAIN_ARGUMENT');
    expect(error.message).toContain(Object.keys(wrong)[0]);
  });

  it('calls, items and constants that the runtime does not have are said to be missing', async () => {
    const { chain } = one;
    const missing = [
      async () => chain.compose('SubtensorModule', 'no_such_call', {}),
      async () => chain.compose('NoSuchPallet', 'x', {}),
      async () => await chain.storage('SubtensorModule', 'NoSuchItem', 72),
      async () => await chain.runtimeApi('SubnetInfoRuntimeApi', 'no_such_method'),
      async () => chain.constant('SubtensorModule', 'NoSuchConstant'),
    ];
    for (const ask of missing) expect((await refused(ask())).code).toBe('ERR_CHAIN_MISSING');
  });

  it('bytes that are no call are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const found = one.chain.decodeCall(`0x${Buffer.from(bytes).toString('hex')}`);
        if (found) expect(one.chain.has.call(found.pallet, found.name)).toBe(true);
      }),
    );
  });

  it('a composed call means what it was composed of', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.bigInt(0n, 2n ** 64n - 1n), (netuid, limit_price) => {
        const args = { netuid, hotkey: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY', limit_price };
        const call = one.chain.compose('SubtensorModule', 'register_limit', args);
        expect(one.chain.decodeCall(call.hex)).toMatchObject({ name: 'register_limit', args });
        const real = args.hotkey;
        const proxied = one.chain.compose('Proxy', 'proxy', { real, force_proxy_type: 'Registration', call });
        expect(proxied.hex.endsWith(call.hex.slice(2))).toBe(true);
        expect(proxied.human).toContain(call.human);
      }),
      { numRuns: 30 },
    );
  });
});
