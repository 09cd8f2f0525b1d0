import { afterEach, describe, expect, it } from 'vitest';
import {
  type Chain,
  connectChain,
  dryRun,
  estimateFee,
  outcomeOf,
  type SignedInfo,
  submit,
} from '../../src/chain/index.ts';
import { type Keypair, keypairFromUri } from '../../src/wallet/index.ts';
import type { DevchainOptions } from '../support/devchain/index.ts';
import { type Connected, connected, refused } from './connected.ts';
import { relay } from './relay.ts';

const alice = keypairFromUri('//Alice');
const poor = keypairFromUri('//Nobody//has//sent//this//one//anything');
const hotkey = keypairFromUri('//Alice//hotkey').ss58;

let open: Connected[] = [];
afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
});

async function start(options: DevchainOptions = {}, timeoutMs = 5_000): Promise<Connected> {
  const one = await connected({ slotMs: 'instant', ...options }, { timeoutMs });
  open.push(one);
  return one;
}

const transfer = (chain: Chain, to: Keypair = poor, value = 1_000_000_000n) =>
  chain.compose('Balances', 'transfer_keep_alive', { dest: to.ss58, value });

const free = async (chain: Chain, ss58: string) => {
  const account = await chain.storage('System', 'Account', ss58);
  return (account as { data: { free: bigint } }).data.free;
};

describe('a transaction', () => {
  it('is signed before it is told, told before it is sent, and final in the end', async () => {
    const { chain, dev } = await start();
    const before = await free(chain, alice.ss58);
    const told: string[] = [];
    const call = transfer(chain);
    const fee = await estimateFee(chain, call, alice.publicKey);
    const included = await submit(chain, call, {
      signer: alice,
      onSigned: (info) => {
        told.push('signed');
        expect(dev.submitted).toHaveLength(0);
        expect(info).toMatchObject({ signer: alice.ss58, nonce: 0, spec: 424 });
        expect(info.death - info.birth.number).toBe(64);
      },
      onStatus: ({ kind }) => told.push(kind),
    });
    expect(told[0]).toBe('signed');
    expect(told[1]).toBe('sent');
    expect(told.at(-1)).toBe('finalized');
    expect(included.finalized).toBe(true);
    expect(included.fee).toBe(fee);
    expect(included.events.map(({ name }) => name)).toContain('ExtrinsicSuccess');
    expect(await free(chain, alice.ss58)).toBe(before - 1_000_000_000n - fee);
    expect(await free(chain, poor.ss58)).toBe(1_000_000_000n);
  });

  it('takes the next number each time, also of those that wait in the pool', async () => {
    const { chain, dev } = await start({ slotMs: 'manual' });
    const first = submit(chain, transfer(chain), { signer: alice, until: 'in-block' });
    while (dev.submitted.length < 1) await new Promise<void>((resolve) => setImmediate(resolve));
    const second = submit(chain, transfer(chain), { signer: alice, until: 'in-block' });
    while (dev.submitted.length < 2) await new Promise<void>((resolve) => setImmediate(resolve));
    dev.mine();
    expect((await first).block.number).toBe((await second).block.number);
  });

  it('stops at an onSigned that throws, with nothing sent', async () => {
    const { chain, dev } = await start();
    const full = new Error('the disk is full');
    const onSigned = () => {
      throw full;
    };
    await expect(submit(chain, transfer(chain), { signer: alice, onSigned })).rejects.toBe(full);
    expect(dev.submitted).toHaveLength(0);
  });

  it('longer than 256 bytes is signed by its hash', async () => {
    const { chain } = await start();
    const calls = Array.from({ length: 12 }, () => transfer(chain));
    const included = await submit(chain, chain.compose('Utility', 'batch_all', { calls }), { signer: alice });
    expect(included.events.some(({ name }) => name === 'BatchCompleted')).toBe(true);
  });

  it('of an old runtime is signed as that one wants it', async () => {
    const { chain } = await start({ variant: 'old' });
    expect(chain.spec).toBe(300);
    expect((await submit(chain, transfer(chain), { signer: alice })).finalized).toBe(true);
  });

  it('of a newer runtime is signed as that one wants it', async () => {
    const { chain } = await start({ variant: 'newer' });
    expect((await submit(chain, transfer(chain), { signer: alice })).finalized).toBe(true);
  });
});

describe('the pool says no', () => {
  it.each(['node', 'fork'] as const)('in the spelling of a %s', async (spelling) => {
    const { chain } = await start({ spelling });
    const payment = await refused(submit(chain, transfer(chain, alice), { signer: poor }));
    expect(payment.code).toBe('ERR_CHAIN_REFUSED');
    expect(payment.details).toMatchObject({ name: 'Payment', code: 'insufficient_balance', channel: 'pool' });
    const axon = chain.compose('SubtensorModule', 'serve_axon', {
      netuid: 72,
      version: 1,
      ip: 3405803785n,
      port: 8091,
      ip_type: 4,
      protocol: 4,
      placeholder1: 0,
      placeholder2: 0,
    });
    const custom = await refused(submit(chain, axon, { signer: alice }));
    expect(custom.details).toMatchObject({ name: 'HotKeyNotRegisteredInNetwork', code: 'not_registered' });
    expect(custom.next).toContain('sv72 register');
  });

  it('and says it to a dry run, which sends nothing', async () => {
    const { chain, dev } = await start();
    expect(await dryRun(chain, transfer(chain), { signer: alice })).toMatchObject({ valid: true });
    expect(await dryRun(chain, transfer(chain, alice), { signer: poor })).toMatchObject({
      valid: false,
      failure: { name: 'Payment', channel: 'pool' },
    });
    expect(dev.submitted).toHaveLength(0);
  });
});

describe('a call fails in its block', () => {
  it('and the error names it by the metadata, with the fee that was paid', async () => {
    for (const variant of ['spec424', 'newer', 'old'] as const) {
      const { chain } = await start({ variant });
      const error = await refused(
        submit(chain, chain.compose('SubtensorModule', 'burned_register', { netuid: 9, hotkey }), {
          signer: alice,
        }),
      );
      expect(error.code).toBe('ERR_CHAIN_FAILED');
      expect(error.details).toMatchObject({
        name: variant === 'old' ? 'SubNetworkDoesNotExist' : 'SubnetNotExists',
        pallet: 'SubtensorModule',
        channel: 'dispatch',
        code: 'subnet_not_exists',
      });
      expect(BigInt(String(error.details.fee_rao))).toBeGreaterThanOrEqual(0n);
    }
  });

  it('within a batch that succeeds', async () => {
    const { chain } = await start();
    const calls = [
      transfer(chain),
      chain.compose('SubtensorModule', 'burned_register', { netuid: 9, hotkey }),
    ];
    const error = await refused(
      submit(chain, chain.compose('Utility', 'batch', { calls }), { signer: alice }),
    );
    expect(error.details).toMatchObject({ name: 'SubnetNotExists', channel: 'inner' });
  });

  it('behind a proxy that succeeds', async () => {
    const { chain } = await start();
    const bob = keypairFromUri('//Bob');
    const add = { delegate: bob.ss58, proxy_type: 'Registration', delay: 0 };
    await submit(chain, chain.compose('Proxy', 'add_proxy', add), { signer: alice });
    const proxied = { real: alice.ss58, force_proxy_type: 'Registration', call: transfer(chain, bob) };
    const error = await refused(submit(chain, chain.compose('Proxy', 'proxy', proxied), { signer: bob }));
    expect(error.code).toBe('ERR_CHAIN_FAILED');
    expect(error.details).toMatchObject({ name: 'CallFiltered', channel: 'inner', code: 'not_authorized' });
  });
});

describe('what goes wrong on the way', () => {
  it('a node that takes it and says no more: it is looked for until it cannot happen any more', async () => {
    const { chain, dev } = await start({ slotMs: 'manual' });
    dev.misbehave.dropNext(Infinity);
    let signed: SignedInfo | undefined;
    const told: string[] = [];
    const sent = submit(chain, transfer(chain), {
      signer: alice,
      eraBlocks: 8,
      onSigned: (info) => {
        signed = info;
      },
      onStatus: ({ kind }) => {
        told.push(kind);
        if (kind === 'sent') dev.mine(20);
      },
    });
    const error = await refused(sent);
    expect(error.code).toBe('ERR_CHAIN_EXPIRED');
    expect(told).toContain('searching');
    if (!signed) throw new Error('it was not signed');
    expect(await outcomeOf(chain, signed)).toEqual({ kind: 'expired' });
    expect(await free(chain, poor.ss58)).toBe(0n);
  });

  it('a node that takes it and says no more, on a chain that stands still: nobody knows', async () => {
    const { chain, dev } = await start({ slotMs: 'manual' });
    dev.misbehave.dropNext();
    const error = await refused(submit(chain, transfer(chain), { signer: alice, timeoutMs: 300 }));
    expect(error.code).toBe('ERR_CHAIN_UNKNOWN_OUTCOME');
    expect(error.details).toMatchObject({ nonce: 0, extrinsic_hash: expect.stringMatching(/^0x/) });
  });

  it('a connection that is lost before the node took it: the same bytes go out again, once', async () => {
    const { chain, dev } = await start();
    dev.misbehave.closeOn('author_submitAndWatchExtrinsic');
    expect((await submit(chain, transfer(chain), { signer: alice })).finalized).toBe(true);
    expect(dev.submitted).toHaveLength(1);
    expect(await free(chain, poor.ss58)).toBe(1_000_000_000n);
  });

  it('a connection that is lost after the node took it: it is found in its block, and happens once', async () => {
    const { chain, dev } = await start();
    dev.misbehave.closeOn('author_submitAndWatchExtrinsic', { done: true });
    expect((await submit(chain, transfer(chain), { signer: alice })).finalized).toBe(true);
    expect(new Set(dev.submitted.map(({ bytes }) => bytes)).size).toBe(1);
    expect(await free(chain, poor.ss58)).toBe(1_000_000_000n);
  });

  it('a connection that is lost while it waits: it is found in its block', async () => {
    const { chain, dev } = await start({ slotMs: 'manual' });
    const included = await submit(chain, transfer(chain), {
      signer: alice,
      onStatus: ({ kind }) => {
        if (kind !== 'sent') return;
        dev.misbehave.closeSocket();
        dev.mine(3);
      },
    });
    expect(included.finalized).toBe(true);
  });

  it('a node that does not answer the submission: the next one is asked', async () => {
    const { chain, dev } = await start({ endpoints: 2 }, 300);
    dev.misbehave.hang('author_submitAndWatchExtrinsic');
    expect((await submit(chain, transfer(chain), { signer: alice })).finalized).toBe(true);
  });

  it('a node that wants fewer requests: the same bytes go out a little later', async () => {
    const { chain, dev } = await start();
    const onSigned = () => dev.misbehave.rateLimit(1);
    expect((await submit(chain, transfer(chain), { signer: alice, onSigned })).finalized).toBe(true);
  });

  it('a block that is given up: it is waited for in another', async () => {
    const { chain, dev } = await start({ slotMs: 'manual', finalityLag: 3 });
    const told: string[] = [];
    let mined = false;
    const included = await submit(chain, transfer(chain), {
      signer: alice,
      onStatus: ({ kind }) => {
        told.push(kind);
        if (kind === 'sent' && !mined) setImmediate(() => dev.mine());
        if (kind === 'in-block' && !mined) {
          mined = true;
          dev.reorg(1);
          dev.mine(6);
        }
      },
    });
    expect(told).toContain('retracted');
    expect(included.finalized).toBe(true);
    expect(await free(chain, poor.ss58)).toBe(1_000_000_000n);
  });

  it('a number that another transaction took meanwhile: refused, not sent twice', async () => {
    const { chain, dev } = await start();
    const other = submit(chain, transfer(chain), { signer: alice });
    const error = await refused(
      submit(chain, transfer(chain), {
        signer: alice,
        onSigned: async () => {
          await other;
        },
      }),
    );
    // Both took number 0: whichever came second is outdated, or waits behind the first in the pool.
    expect(error.code).toBe('ERR_CHAIN_REFUSED');
    expect(['Stale', 'PriorityTooLow']).toContain(error.details.name);
    expect(dev.submitted.filter(({ outcome }) => outcome === 'pool')).toHaveLength(1);
  });

  it('another chain behind the same address: refused before anything is signed', async () => {
    const { chain, dev } = await start();
    const port = Number(new URL(dev.endpoint).port);
    await dev.close();
    const other = await connected(
      { port, genesisHash: `0x${'cd'.repeat(32)}` },
      { genesis: `0x${'cd'.repeat(32)}` },
    );
    open.push(other);
    let signed = false;
    const sign = () => {
      signed = true;
      return new Uint8Array(64);
    };
    const signer = { ...alice, sign };
    const error = await refused(submit(chain, transfer(chain), { signer }));
    expect(error.code).toBe('ERR_CHAIN_GENESIS');
    expect(signed).toBe(false);
  });
});

it('an endpoint that turns into another chain while it is connected: nothing is signed', async () => {
  const { dev } = await start();
  const other = `0x${'ef'.repeat(32)}`;
  let turned = false;
  const between = await relay(dev.endpoint, (method, [block]) =>
    turned && method === 'chain_getBlockHash' && block === 0 ? other : undefined,
  );
  const chain = await connectChain({ network: between.url });
  turned = true;
  const call = transfer(chain);
  const sign = () => {
    throw new Error('it was signed');
  };
  const error = await refused(submit(chain, call, { signer: { ...alice, sign } }));
  expect(error.code).toBe('ERR_CHAIN_GENESIS');
  expect(error.details).toMatchObject({ found: other });
  await chain.close();
  await between.close();
});

describe('the runtime is upgraded', () => {
  it('between composing and signing, the call meaning the same: it is signed for the new one', async () => {
    const { chain, dev } = await start();
    const call = transfer(chain);
    dev.runtimeUpgrade('spec425');
    const included = await submit(chain, call, { signer: alice });
    expect(included.finalized).toBe(true);
    expect(chain.spec).toBe(425);
  });

  it('between composing and signing, the call being gone: nothing is sent', async () => {
    const { chain, dev } = await start();
    const call = chain.compose('SubtensorModule', 'register_limit', {
      netuid: 72,
      hotkey,
      limit_price: 10n ** 12n,
    });
    dev.runtimeUpgrade('old');
    const error = await refused(submit(chain, call, { signer: alice }));
    expect(error.code).toBe('ERR_CHAIN_UPGRADED');
    expect(dev.submitted).toHaveLength(0);
  });

  it('while it runs: what is read is read by the new one', async () => {
    const { chain, dev, news } = await start();
    expect(chain.has.storage('SubtensorModule', 'CollateralLockShare')).toBe(false);
    dev.runtimeUpgrade('newer');
    while (!news.some(({ kind }) => kind === 'upgraded'))
      await new Promise<void>((resolve) => setImmediate(resolve));
    expect(chain.has.storage('SubtensorModule', 'CollateralLockShare')).toBe(true);
    expect(await chain.storage('SubtensorModule', 'CollateralLockShare', 72)).toBe(0);
  });
});

describe('what became of a transaction', () => {
  it('is found out later, from its signature’s facts alone', async () => {
    const { chain, dev } = await start({ slotMs: 'manual', finalityLag: 2 });
    let info: SignedInfo | undefined;
    const onSigned = (one: SignedInfo) => {
      info = one;
    };
    const sent = submit(chain, transfer(chain), { signer: alice, onSigned });
    while (dev.submitted.length < 1) await new Promise<void>((resolve) => setImmediate(resolve));
    if (!info) throw new Error('it was not signed');
    expect(await outcomeOf(chain, info)).toMatchObject({ kind: 'open', death: info.death });
    dev.mine();
    expect(await outcomeOf(chain, info)).toMatchObject({ kind: 'succeeded', finalized: false });
    dev.mine(5);
    expect(await outcomeOf(chain, info)).toMatchObject({ kind: 'succeeded', finalized: true });
    await sent;
    const other = { ...info, hex: `${info.hex}00` as const };
    expect(await outcomeOf(chain, other)).toEqual({ kind: 'expired' });
    expect((await refused(outcomeOf(chain, { ...info, genesisHash: '0x00' }))).code).toBe(
      'ERR_CHAIN_GENESIS',
    );
  });

  it('with the reason when it failed', async () => {
    const { chain } = await start();
    let info: SignedInfo | undefined;
    const call = chain.compose('SubtensorModule', 'burned_register', { netuid: 9, hotkey });
    await refused(
      submit(chain, call, {
        signer: alice,
        onSigned: (one) => {
          info = one;
        },
      }),
    );
    if (!info) throw new Error('it was not signed');
    expect(await outcomeOf(chain, info)).toMatchObject({
      kind: 'failed',
      failure: { name: 'SubnetNotExists' },
    });
  });
});
