import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rao } from '../../src/amount/index.ts';
import { Sv72Error } from '../../src/errors/index.ts';
import { type ChainView, createPresence, type PresenceOptions } from '../../src/presence/index.ts';
import { keypairFromUri } from '../../src/wallet/index.ts';

const MINER = keypairFromUri('//Miner');
const [BIG, SMALL, PLAIN] = ['//Big', '//Small', '//Plain'].map((uri) => keypairFromUri(uri).ss58) as [
  string,
  string,
  string,
];
const HOUR = 3_600_000;
const TAO = 1_000_000_000n;

/** A presence whose chain is the test's word, and whose clock stands until it is moved. */
function staged(parts: Partial<PresenceOptions> = {}) {
  const folder = parts.folder ?? mkdtempSync(join(tmpdir(), 'sv72-presence-'));
  const notes: string[] = [];
  const stage = {
    folder,
    notes,
    now: 1_800_000_000_000,
    block: 1_000,
    uid: 5 as number | undefined,
    down: false,
    pays: 'pays' as 'pays' | 'nobody' | 'unknown',
    axon: undefined as ChainView['ours'][number]['axon'],
    genesisHash: `0x${'2f'.repeat(32)}`,
  };
  const view = (): ChainView => ({
    network: 'finney',
    endpoint: 'wss://x.example',
    genesisHash: stage.genesisHash,
    netuid: 72,
    block: stage.block,
    readAt: stage.now,
    blockMs: 12_000,
    servingRateLimit: 50,
    members: [
      { uid: 1, hotkey: BIG, stake: 50_000n * TAO, permit: true },
      { uid: 2, hotkey: SMALL, stake: 10n * TAO, permit: true },
      { uid: 3, hotkey: PLAIN, stake: 90_000n * TAO, permit: false },
    ],
    ours: [{ hotkey: MINER.ss58, uid: stage.uid, axon: stage.axon, prometheus: undefined }],
    paying: { verdict: stage.pays, why: undefined },
  });
  const presence = createPresence({
    access: { network: 'finney', fallbacks: [], timeoutMs: 1_000, cacheDir: folder },
    netuid: 72,
    hotkeys: [{ name: 'hk', ss58: MINER.ss58 }],
    rules: { requirePermit: true, minStake: rao(1_000n * TAO), maxAgeMs: 24 * HOUR },
    refreshMs: HOUR,
    folder,
    signerOf: async () => MINER,
    note: (level, message) => notes.push(`${level}: ${message}`),
    now: () => stage.now,
    run: async ({ onView }) => {
      if (stage.down) throw new Sv72Error('ERR_CHAIN_UNREACHABLE', 'Nobody answers.');
      onView?.(view());
      return view();
    },
    ...parts,
  });
  onTestFinished(() => {
    presence.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { presence, stage };
}

test('who may ask is decided by permit and stake, and stake is what orders them', async () => {
  const { presence } = staged();
  await presence.start();
  expect(presence.verdict(BIG)).toEqual({ allow: true, stake: 50_000n * TAO, listed: true });
  expect(presence.verdict(SMALL)).toEqual({ allow: false, reason: 'Stake is below τ 1000.0' });
  expect(presence.verdict(PLAIN)).toEqual({ allow: false, reason: 'Hotkey has no validator permit' });
  expect(presence.verdict(MINER.ss58)).toMatchObject({ reason: 'Hotkey is not registered on the subnet' });
  expect(presence.status()).toMatchObject({ validators: 1, failures: 0, hotkeys: [{ uid: 5 }] });
});

test('an outage stops nothing for as long as the list may be believed, and is said once, then hourly', async () => {
  const { presence, stage } = staged();
  await presence.start();
  stage.down = true;
  for (let look = 0; look < 5; look += 1) await presence.refresh();
  expect(stage.notes).toEqual([
    'warning: The chain could not be read: Nobody answers. The list of validators of block 1000 stays in use.',
  ]);
  stage.now += 2 * HOUR;
  await presence.refresh();
  await presence.refresh();
  expect(stage.notes.slice(1)).toEqual([
    expect.stringContaining('is 2 h old; it is believed for another 22 h'),
  ]);
  expect(presence.verdict(BIG).allow).toBe(true);
  stage.now += 23 * HOUR;
  await presence.refresh();
  expect(stage.notes.at(-1)).toMatch(/^error: .*NO VALIDATOR IS ANSWERED/);
  expect(presence.verdict(BIG)).toMatchObject({ allow: false });
  stage.down = false;
  await presence.refresh();
  expect(stage.notes.at(-1)).toBe('info: The chain answers again: block 1000 of wss://x.example.');
  expect(presence.verdict(BIG).allow).toBe(true);
});

test('a start without the chain uses what an earlier run kept, but nothing too old', async () => {
  const first = staged();
  await first.presence.start();
  const second = staged({ folder: first.stage.folder });
  second.stage.down = true;
  second.stage.now += 3 * HOUR;
  await second.presence.start();
  expect(second.presence.verdict(BIG).allow).toBe(true);
  expect(second.stage.notes[0]).toContain('kept from block 1000, 3 h ago, is used');
  const third = staged({ folder: first.stage.folder });
  third.stage.down = true;
  third.stage.now += 25 * HOUR;
  await expect(third.presence.start()).rejects.toMatchObject({ code: 'ERR_CHAIN_UNREACHABLE' });
});

test('another chain under the same endpoint is not believed', async () => {
  const { presence, stage } = staged();
  await presence.start();
  stage.genesisHash = `0x${'ee'.repeat(32)}`;
  await presence.refresh();
  expect(stage.notes.at(-1)).toContain('is another chain than before');
  expect(presence.status()).toMatchObject({ failing: 1 });
});

test('a lost UID is an error at once, then once an hour until it is back', async () => {
  const { presence, stage } = staged();
  await presence.start();
  stage.uid = undefined;
  await presence.refresh();
  await presence.refresh();
  expect(stage.notes).toEqual([expect.stringMatching(/^error: "hk" .*HAS LOST UID 5 on subnet 72/)]);
  stage.now += HOUR;
  await presence.refresh();
  expect(stage.notes).toHaveLength(2);
  stage.uid = 9;
  await presence.refresh();
  expect(stage.notes.at(-1)).toMatch(/^info: "hk" .* has UID 9/);
});

test('that nobody is paid is a warning, and that miners are paid again is said', async () => {
  const { presence, stage } = staged();
  await presence.start();
  expect(stage.notes).toEqual([]);
  for (const pays of ['nobody', 'unknown', 'nobody', 'pays'] as const) {
    stage.pays = pays;
    await presence.refresh();
  }
  expect(stage.notes).toEqual([
    expect.stringMatching(/^warning: Subnet 72 pays no miner now/),
    expect.stringMatching(/^info: Subnet 72 pays its miners again/),
  ]);
  expect(presence.status().paying).toBe('pays');
});
