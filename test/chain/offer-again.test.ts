import { afterEach, describe, expect, test } from 'vitest';
import { type Chain, type SubmitOptions, submit } from '../../src/chain/index.ts';
import { keypairFromUri } from '../../src/wallet/index.ts';
import type { DevchainOptions } from '../support/devchain/index.ts';
import { type Connected, connected, refused } from './connected.ts';

const alice = keypairFromUri('//Alice');
const receiver = keypairFromUri('//Nobody//has//sent//this//one//anything');
const WATCH = 'author_submitAndWatchExtrinsic';

let open: Connected | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function start(options: DevchainOptions = {}): Promise<Connected> {
  open = await connected({ slotMs: 20, ...options });
  return open;
}

/** Sends one TAO. @returns what was told of it */
async function transfer(chain: Chain, options: Partial<SubmitOptions> = {}) {
  const told: string[] = [];
  const call = chain.compose('Balances', 'transfer_keep_alive', { dest: receiver.ss58, value: 10n ** 9n });
  const onStatus: SubmitOptions['onStatus'] = ({ kind }) => told.push(kind);
  const included = await submit(chain, call, { signer: alice, eraBlocks: 512, onStatus, ...options });
  return { told, included };
}

async function received(chain: Chain): Promise<bigint> {
  const account = await chain.storage('System', 'Account', receiver.ss58);
  return (account as { data: { free: bigint } }).data.free;
}

describe('a transaction that the node loses', () => {
  test('is given to it again, the same bytes, and happens once', async () => {
    const { chain, dev } = await start();
    dev.misbehave.dropNext();
    const { told, included } = await transfer(chain);
    expect(included.finalized).toBe(true);
    expect(told.filter((kind) => kind === 'sent-again')).toHaveLength(1);
    expect(told.indexOf('searching')).toBeLessThan(told.indexOf('sent-again'));
    expect(new Set(dev.submitted.map(({ bytes }) => bytes)).size).toBe(1);
    expect(dev.submitted.map(({ outcome }) => outcome).slice(0, 2)).toEqual(['lost', 'pool']);
    expect(await received(chain)).toBe(10n ** 9n);
  });

  test('and loses again is given to it until it stays', async () => {
    const { chain, dev } = await start();
    dev.misbehave.dropNext(3);
    const { included } = await transfer(chain);
    expect(included.finalized).toBe(true);
    expect(dev.submitted.filter(({ outcome }) => outcome === 'lost')).toHaveLength(3);
    expect(await received(chain)).toBe(10n ** 9n);
  });

  test('which is in a block that is not final yet is not said to be lost', async () => {
    const { chain, dev } = await start({ finalityLag: 80 });
    const { told, included } = await transfer(chain);
    expect(included.finalized).toBe(true);
    expect(told).toContain('searching');
    expect(told).not.toContain('sent-again');
    expect(dev.submitted.slice(1).every(({ outcome }) => outcome === 'refused')).toBe(true);
    expect(await received(chain)).toBe(10n ** 9n);
  });
});

describe('a node that does not follow transactions', () => {
  test('is given it all the same, and the blocks are looked through', async () => {
    const { chain, dev } = await start();
    dev.misbehave.lack(WATCH);
    const { told, included } = await transfer(chain);
    expect(included.finalized).toBe(true);
    expect(told.slice(0, 2)).toEqual(['sent', 'searching']);
    expect(await received(chain)).toBe(10n ** 9n);
  });

  test('and loses it is given it again', async () => {
    const { chain, dev } = await start();
    dev.misbehave.lack(WATCH);
    dev.misbehave.dropNext();
    const { told } = await transfer(chain);
    expect(told).toContain('sent-again');
    expect(await received(chain)).toBe(10n ** 9n);
  });

  test('still says what it refuses', async () => {
    const { chain, dev } = await start();
    dev.misbehave.lack(WATCH);
    const error = await refused(transfer(chain, { signer: receiver }));
    expect(error.code).toBe('ERR_CHAIN_REFUSED');
    expect(error.details).toMatchObject({ name: 'Payment' });
  });
});
