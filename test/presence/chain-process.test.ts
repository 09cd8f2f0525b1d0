import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { runChainJob } from '../../src/presence/chain-process.ts';
import type { WishOutcome } from '../../src/presence/messages.ts';
import { keypairFromUri } from '../../src/wallet/index.ts';
import { type Devchain, startDevchain } from '../support/devchain/index.ts';

const MINER = keypairFromUri('//Dave//hot');
const cacheDir = mkdtempSync(join(tmpdir(), 'sv72-process-'));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

async function chain(): Promise<Devchain> {
  const dev = await startDevchain({ slotMs: 'instant' });
  onTestFinished(() => dev.close());
  return dev;
}

const job = (dev: Devchain, wishes: Parameters<typeof runChainJob>[0]['job']['wishes'] = []) => ({
  network: dev.endpoint,
  fallbacks: [],
  timeoutMs: 20_000,
  cacheDir,
  netuid: 72,
  hotkeys: [MINER.ss58],
  wishes,
  paying: true,
});

test('a process that hangs is killed', async () => {
  const dev = await chain();
  dev.misbehave.hang();
  const looked = runChainJob({ job: job(dev), signers: new Map(), timeoutMs: 3_000 });
  await expect(looked).rejects.toMatchObject({
    code: 'ERR_CHAIN_PROCESS',
    message: expect.stringContaining('took too long'),
  });
}, 60_000);

test('a subnet that is not there comes back as the error it is', async () => {
  const dev = await chain();
  const looked = runChainJob({ job: { ...job(dev), netuid: 4_000 }, signers: new Map(), timeoutMs: 60_000 });
  await expect(looked).rejects.toMatchObject({ code: 'ERR_NO_SUBNET', details: { netuid: 4_000 } });
}, 60_000);

test('it signs nothing for another chain than the one that is known', async () => {
  const dev = await chain();
  const outcomes: WishOutcome[] = [];
  await runChainJob({
    job: job(dev, [
      {
        hotkey: MINER.ss58,
        cryptoType: 'sr25519',
        announcement: { kind: 'axon', version: 1, ip: { ip: 0x08080808n, type: 4 }, port: 1 },
      },
    ]),
    signers: new Map([[MINER.ss58, MINER]]),
    genesisHash: `0x${'11'.repeat(32)}`,
    onOutcome: (_, outcome) => outcomes.push(outcome),
    timeoutMs: 60_000,
  });
  expect(outcomes).toMatchObject([
    { kind: 'failed', failure: { message: expect.stringContaining('another chain') } },
  ]);
  expect(dev.submitted).toEqual([]);
}, 60_000);
