import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectChain } from '../../src/chain/index.ts';
import { FINNEY_GENESIS, startDevchain } from '../support/devchain/index.ts';
import { type Connected, connected, refused } from './connected.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function connect(...args: Parameters<typeof connected>): Promise<Connected> {
  const one = await connected(...args);
  open.push(one);
  return one;
}

async function devchain(options: Parameters<typeof startDevchain>[0] = {}) {
  const one = await startDevchain({ slotDurationMs: 100, ...options });
  open.push(one);
  return one;
}

/** An address that takes connections and never says a word. */
async function silence(): Promise<string> {
  const server = createServer((socket) => socket.resume().on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
  return `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** An address that nobody listens on. */
async function nobody(): Promise<string> {
  const one = await startDevchain();
  await one.close();
  return one.endpoint;
}

describe('a connection', () => {
  it('tells what the chain is', async () => {
    const { chain, dev } = await connect();
    expect(chain.identity).toEqual({
      network: dev.endpoint,
      known: 'finney',
      genesisHash: FINNEY_GENESIS,
      specName: 'node-subtensor',
      live: false,
    });
    expect(chain.spec).toBe(424);
    expect(chain.blockMs).toBe(100);
    expect(chain.existentialDeposit).toBe(500n);
    expect(chain.endpoint).toBe(dev.endpoint);
  });

  it('tells that nobody is there, and where it asked', async () => {
    const [one, two] = [await nobody(), await nobody()];
    const error = await refused(connectChain({ network: one, fallbacks: [two], genesis: FINNEY_GENESIS }));
    expect(error.code).toBe('ERR_CHAIN_UNREACHABLE');
    expect(error.message).toContain(`${one} refused the connection`);
    expect(error.message).toContain(`${two} refused the connection`);
  });

  it('gives up on an address that never answers', async () => {
    const error = await refused(connectChain({ network: await silence(), timeoutMs: 200 }));
    expect(error.code).toBe('ERR_CHAIN_TIMEOUT');
  });

  it('goes on to the next endpoint when the first is dead or silent', async () => {
    const { endpoint } = await devchain();
    for (const dead of [await nobody(), await silence()]) {
      const options = {
        network: dead,
        fallbacks: [endpoint],
        genesis: FINNEY_GENESIS,
        timeoutMs: 300,
      } as const;
      const chain = await connectChain(options);
      open.push(chain);
      expect(chain.endpoint).toBe(endpoint);
    }
  });

  it('does not take another endpoint’s chain for one whose genesis it does not know', async () => {
    const { endpoint } = await devchain();
    for (const [dead, code] of [
      [await nobody(), 'ERR_CHAIN_UNREACHABLE'],
      [await silence(), 'ERR_CHAIN_TIMEOUT'],
    ] as const) {
      const error = await refused(connectChain({ network: dead, fallbacks: [endpoint], timeoutMs: 300 }));
      expect(error.code).toBe(code);
      expect(error.message).toContain(`The further endpoints (${endpoint}) were not used`);
      expect(error.next).toContain(`--network ${endpoint}`);
    }
    const alone = await refused(connectChain({ network: await nobody(), fallbacks: [] }));
    expect(alone.message).not.toContain('further');
  });

  it('refuses another chain than the one asked for, and one that only a fallback serves', async () => {
    const other = `0x${'ab'.repeat(32)}` as const;
    const { endpoint } = await devchain({ genesisHash: other });
    const wrong = await refused(connectChain({ network: endpoint, genesis: FINNEY_GENESIS }));
    expect(wrong.code).toBe('ERR_CHAIN_GENESIS');
    expect(wrong.details).toMatchObject({ endpoint, found: other, wanted: FINNEY_GENESIS });
    const { chain, dev } = await connect({}, { fallbacks: [endpoint], timeoutMs: 400 });
    dev.misbehave.hang();
    expect((await refused(chain.head())).code).toMatch(/^ERR_CHAIN_(GENESIS|TIMEOUT)$/);
  });

  it('waits when the endpoint wants fewer connections, as long as it says', async () => {
    const dev = await devchain();
    dev.misbehave.refuse429(2);
    const waits: number[] = [];
    const chain = await connectChain({
      network: dev.endpoint,
      onNews: (news) => news.kind === 'rate-limited' && waits.push(news.waitMs),
    });
    open.push(chain);
    expect(waits).toHaveLength(2);
    // The server says Retry-After: 1.
    for (const ms of waits) expect(ms).toBeGreaterThanOrEqual(1000);
  });

  it('takes over what another connection to the same chain has read, and refuses another chain', async () => {
    const dev = await devchain();
    const chain = await connectChain({ network: dev.endpoint });
    open.push(chain);
    const second = await connectChain({ network: dev.endpoint, sameAs: chain });
    open.push(second);
    expect(dev.endpoints[0]?.requests.filter((name) => name === 'state_call')).toHaveLength(1);
    expect(await second.storage('SubtensorModule', 'NetworksAdded', 72)).toBe(true);
    const other = await devchain({ genesisHash: `0x${'ab'.repeat(32)}` });
    expect((await refused(connectChain({ network: other.endpoint, sameAs: chain }))).code).toBe(
      'ERR_CHAIN_GENESIS',
    );
  });

  it('refuses a network that is none', async () => {
    expect((await refused(connectChain({ network: 'http://127.0.0.1' }))).code).toBe('ERR_USAGE');
  });
});

describe('a read', () => {
  it('is asked again, of the next endpoint, when the connection is lost on the way', async () => {
    const { chain, dev, news } = await connect({ endpoints: 2 });
    dev.misbehave.closeOn('state_getStorage');
    expect(await chain.storage('SubtensorModule', 'NetworksAdded', 72)).toBe(true);
    expect(chain.endpoint).toBe(dev.endpoints[1]?.url);
    expect(news.map(({ kind }) => kind)).toContain('lost');
  });

  it('is asked again of the same endpoint when there is no other', async () => {
    const { chain, dev } = await connect();
    dev.misbehave.closeOn('chain_getHeader');
    expect((await chain.head()).number).toBe(dev.chain.head.header.number);
  });

  it('ends when nobody answers in time', async () => {
    const { chain, dev } = await connect({}, { timeoutMs: 200 });
    dev.misbehave.hang('state_getStorage');
    const error = await refused(chain.storage('SubtensorModule', 'Burn', 72));
    expect(error.code).toBe('ERR_CHAIN_TIMEOUT');
    expect(error.details).toMatchObject({ endpoint: dev.endpoint });
  });

  it('goes to the next endpoint when the first hangs', async () => {
    const { chain, dev } = await connect({ endpoints: 2 }, { timeoutMs: 200 });
    dev.misbehave.hang('state_getStorage');
    expect(await chain.storage('SubtensorModule', 'NetworksAdded', 72)).toBe(true);
  });

  it('waits when the node wants fewer of them', async () => {
    const { chain, dev, news } = await connect();
    dev.misbehave.rateLimit(1);
    expect(await chain.storage('SubtensorModule', 'NetworksAdded', 72)).toBe(true);
    expect(news).toContainEqual(expect.objectContaining({ kind: 'rate-limited', endpoint: dev.endpoint }));
  });

  it('tells what the node says when it answers with an error', async () => {
    const { chain } = await connect();
    const error = await refused(chain.rpc('no_such_method'));
    expect(error.code).toBe('ERR_CHAIN_RPC');
    expect(error.details).toMatchObject({ what: 'no_such_method', code: -32601 });
  });

  it('refuses after the connection was closed', async () => {
    const { chain } = await connect();
    await chain.close();
    expect((await refused(chain.head())).code).toBe('ERR_INTERRUPTED');
  });
});

describe('a subscription', () => {
  it('goes on after the connection was lost', async () => {
    const { chain, dev } = await connect();
    const seen: number[] = [];
    let more = () => {};
    const until = async (number: number) => {
      while (!seen.includes(number)) await new Promise<void>((resolve) => (more = resolve));
    };
    await chain.subscribeHeads(({ number }) => {
      seen.push(number);
      more();
    });
    await until(dev.mine());
    dev.misbehave.closeSocket();
    await until(dev.chain.head.header.number);
    // The new subscription stands when the node tells it the best block of now.
    const again = seen.length;
    while (dev.endpoints[0]?.requests.filter((name) => name === 'chain_subscribeNewHeads').length !== 2) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await until(dev.mine());
    expect(seen.length).toBeGreaterThan(again);
  });

  it('gives the hashes that the node has', async () => {
    const { chain, dev } = await connect();
    const head = new Promise((resolve) => void chain.subscribeHeads(resolve));
    dev.mine();
    expect(await head).toMatchObject({ number: expect.any(Number), hash: expect.any(String) });
    const { hash, number, parent } = await chain.head();
    expect(await chain.blockHash(number)).toBe(hash);
    expect(await chain.blockHash(number - 1)).toBe(parent);
    expect(await chain.blockHash(number + 1)).toBeUndefined();
  });
});
