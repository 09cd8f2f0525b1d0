import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Chain,
  type ChainEvent,
  connectChain,
  type Rehearsal,
  rehearse,
  submit,
} from '../../../src/chain/index.ts';
import { openFork } from '../../../src/chain/rehearse/fork.ts';
import { findInstallation } from '../../../src/chain/rehearse/installation.ts';
import { keypairFromUri } from '../../../src/wallet/index.ts';
import { type Devchain, startDevchain } from '../../support/devchain/index.ts';
import { installedFolder } from './installed.ts';

const TAO = 1_000_000_000n;
const alice = keypairFromUri('//Alice');
const bob = keypairFromUri('//Bob');
const eve = keypairFromUri('//Eve');
const ferdie = keypairFromUri('//Ferdie');
const hotkey = keypairFromUri('//Alice//new').ss58;

let folder: string;
beforeAll(async () => {
  folder = await installedFolder();
});

/** A chain in one of its scenarios, and a connection to it. */
async function chainOf(scenario: string): Promise<{ dev: Devchain; chain: Chain; close(): Promise<void> }> {
  const dev = await startDevchain({ scenario, finalityLag: 0 });
  dev.mine(2);
  const chain = await connectChain({ network: dev.endpoint });
  const close = async () => {
    await chain.close();
    await dev.close();
  };
  return { dev, chain, close };
}

const registration = (chain: Chain, key: string, ceiling: bigint) =>
  chain.compose('SubtensorModule', 'register_limit', { netuid: 72, hotkey: key, limit_price: ceiling });

const free = (rehearsal: Rehearsal) => rehearsal.balances[0] ?? { before: 0n, after: 0n };
const paid = (rehearsal: Rehearsal) => free(rehearsal).before - free(rehearsal).after;
const told = (events: readonly ChainEvent[]) =>
  events.map(({ pallet, name, fields }) => ({ pallet, name, fields }));

describe.each([
  ['with free slots', 'empty'],
  ['that is full, where somebody is pushed out', 'paying'],
])('a registration on a subnet %s', (_what, scenario) => {
  it('is rehearsed to the rao, the UID and the events that the chain then has', async () => {
    const { dev, chain, close } = await chainOf(scenario);
    const call = registration(chain, hotkey, TAO);
    const rehearsal = await rehearse(chain, { calls: [call], signer: alice, folder });
    expect(dev.submitted).toEqual([]);

    const sent = submit(chain, call, { signer: alice, until: 'in-block' });
    while (dev.submitted.length === 0) await new Promise(setImmediate);
    dev.mine();
    const real = await sent;
    const uid = await chain.storage('SubtensorModule', 'Uids', 72, hotkey);

    const [step] = rehearsal.calls;
    expect(step?.failure).toBeUndefined();
    expect(step?.seats).toEqual([{ netuid: 72, uid, hotkey }]);
    expect(step?.fee).toBe(real.fee);
    expect(told(step?.events ?? [])).toEqual(told(real.events));
    expect(free(rehearsal)).toEqual({
      ss58: alice.ss58,
      before: 1_000n * TAO,
      after: dev.world.accounts.get(hex(alice.publicKey))?.free,
    });
    await close();
  });
});

describe('on one chain', () => {
  let dev: Devchain;
  let chain: Chain;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ dev, chain, close } = await chainOf('paying'));
  });
  afterAll(() => close());

  it('a price above the ceiling fails as on the chain, and costs the fee alone', async () => {
    const call = registration(chain, hotkey, 1_000n);
    const rehearsal = await rehearse(chain, { calls: [call, call], signer: alice, folder });
    expect(rehearsal.calls).toHaveLength(1);
    const [step] = rehearsal.calls;
    expect(step?.failure).toMatchObject({ channel: 'dispatch', name: 'RegistrationPriceLimitExceeded' });
    expect(step?.failure?.next).toMatch(/max-price|ceiling|price/i);
    expect(step?.seats).toEqual([]);
    expect(step?.events.map(({ name }) => name)).toContain('ExtrinsicFailed');
    expect(step?.fee).toBeGreaterThan(0n);
    expect(paid(rehearsal)).toBe(step?.fee);
  });

  it('several hotkeys come one after the other, each at the price that the one before left', async () => {
    const keys = [hotkey, keypairFromUri('//Alice//another').ss58];
    const calls = keys.map((key) => registration(chain, key, TAO));
    const rehearsal = await rehearse(chain, { calls, signer: alice, folder });
    const prices = rehearsal.calls.map(({ events }) => amountOf(events));
    expect(rehearsal.calls.map(({ failure }) => failure)).toEqual([undefined, undefined]);
    expect(new Set(rehearsal.calls.flatMap(({ seats }) => seats.map(({ uid }) => uid))).size).toBe(2);
    // × 1.26 by the registration, and the decay of a block.
    expect(Number(prices[1]) / Number(prices[0])).toBeCloseTo(1.26 * 2 ** (-1 / 360), 6);
    const fees = rehearsal.calls.reduce((sum, { fee }) => sum + (fee ?? 0n), 0n);
    expect(paid(rehearsal)).toBe((prices[0] ?? 0n) + (prices[1] ?? 0n) + fees);
  });

  it('who cannot pay the fee is refused at the door', async () => {
    const rehearsal = await rehearse(chain, {
      calls: [registration(chain, hotkey, TAO)],
      signer: ferdie,
      folder,
    });
    expect(rehearsal.calls[0]).toMatchObject({
      fee: undefined,
      events: [],
      failure: { channel: 'pool', name: 'Payment' },
    });
    expect(free(rehearsal)).toEqual({ ss58: ferdie.ss58, before: 0n, after: 0n });
  });

  it('a proxy without the right fails inside a transaction that succeeds', async () => {
    const inner = registration(chain, hotkey, 1_000n);
    const wrapped = (real: string) =>
      chain.compose('Proxy', 'proxy', { real, force_proxy_type: undefined, call: inner });
    const stranger = await rehearse(chain, { calls: [wrapped(bob.ss58)], signer: eve, folder });
    expect(stranger.calls[0]?.failure).toMatchObject({ channel: 'dispatch', name: 'NotProxy' });
    dev.world.proxies.set(hex(bob.publicKey), {
      grants: [{ delegate: hex(eve.publicKey), type: 'Registration', delay: 0 }],
      deposit: 0n,
    });
    dev.mine();
    const proxy = await rehearse(chain, {
      calls: [wrapped(bob.ss58)],
      signer: eve,
      accounts: [eve.ss58, bob.ss58],
      folder,
    });
    expect(proxy.calls[0]?.failure).toMatchObject({
      channel: 'inner',
      name: 'RegistrationPriceLimitExceeded',
    });
    expect(proxy.balances.map(({ before, after }) => before - after)).toEqual([proxy.calls[0]?.fee, 0n]);
  });

  it('says what it is doing, and how much of the state it has read', async () => {
    const seen: string[] = [];
    await rehearse(chain, {
      calls: [registration(chain, hotkey, TAO)],
      signer: alice,
      folder,
      onProgress: ({ kind }) => seen.push(kind),
    });
    expect(new Set(seen)).toEqual(new Set(['forking', 'executing', 'fetched']));
  });

  it('leaves no process behind, and gives the one it starts nothing of our environment', async () => {
    process.env.SV72_PASSWORD = 'secret';
    let environment = '';
    try {
      await rehearse(chain, {
        calls: [registration(chain, hotkey, TAO)],
        signer: alice,
        folder,
        onProgress: ({ kind }) => {
          if (kind !== 'executing') return;
          environment = children()
            .map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
            .join('\0');
        },
      });
    } finally {
      delete process.env.SV72_PASSWORD;
    }
    expect(environment).toContain('LOG_LEVEL=fatal');
    expect(environment).not.toContain('secret');
    expect(children()).toEqual([]);
  });

  it('ends when it is interrupted, and when the time is over', async () => {
    const calls = [registration(chain, hotkey, TAO)];
    const interrupt = new AbortController();
    const interrupted = rehearse(chain, {
      calls,
      signer: alice,
      folder,
      signal: interrupt.signal,
      onProgress: () => interrupt.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'ERR_INTERRUPTED' });
    const late = rehearse(chain, { calls, signer: alice, folder, timeoutMs: 1 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_REHEARSE_TIMEOUT' });
    expect(children()).toEqual([]);
  });
});

it('an endpoint that says nothing more does not hold it up for ever', async () => {
  const { dev, chain, close } = await chainOf('paying');
  const installation = await findInstallation(folder);
  const { hash: block } = await chain.head();
  dev.misbehave.hang();
  const opening = openFork({
    installation,
    endpoint: dev.endpoint,
    block,
    timeoutMs: 60_000,
    startMs: 1_000,
  });
  await expect(opening).rejects.toMatchObject({ code: 'ERR_REHEARSE_FAILED' });
  expect(children()).toEqual([]);
  await close();
});

it('a chain whose code the endpoint does not give cannot be rehearsed on', async () => {
  const dev = await startDevchain({ variant: 'newer' });
  const chain = await connectChain({ network: dev.endpoint });
  const refused = rehearse(chain, { calls: [registration(chain, hotkey, TAO)], signer: alice, folder });
  await expect(refused).rejects.toMatchObject({ code: 'ERR_REHEARSE_FAILED' });
  await chain.close();
  await dev.close();
});

function amountOf(events: readonly ChainEvent[]): bigint {
  const amount = events.find(({ pallet, name }) => pallet === 'Balances' && name === 'Transfer')?.fields
    .amount;
  return typeof amount === 'bigint' ? amount : 0n;
}

function hex(key: Uint8Array): string {
  return `0x${Buffer.from(key).toString('hex')}`;
}

/** Processes that this one has started and that still live. */
function children(): string[] {
  return readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  );
}
