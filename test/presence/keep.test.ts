import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { ChainView } from '../../src/presence/index.ts';
import { keepView, keptView, parseKept } from '../../src/presence/keep.ts';
import { keypairFromUri } from '../../src/wallet/index.ts';

const HOTKEY = keypairFromUri('//Alice').ss58;
const NOW = 1_800_000_000_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sv72-keep-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const view = (parts: Partial<ChainView> = {}): ChainView => ({
  network: 'finney',
  endpoint: 'wss://somewhere.example',
  genesisHash: `0x${'2f'.repeat(32)}`,
  netuid: 72,
  block: 100,
  readAt: NOW,
  blockMs: 12_000,
  servingRateLimit: 50,
  members: [{ uid: 3, hotkey: HOTKEY, stake: 123_456_789_012_345n, permit: true }],
  ours: [],
  ...parts,
});

test('what is kept is found again by network and subnet, and by nobody else', async () => {
  const path = folder();
  await keepView(path, view());
  await keepView(path, view({ network: 'wss://lite.example', block: 101 }));
  await keepView(path, view({ genesisHash: `0x${'aa'.repeat(32)}`, network: 'local', block: 7 }));
  const [file] = readdirSync(path);
  expect(statSync(join(path, String(file))).mode & 0o777).toBe(0o600);
  const kept = await keptView(path, { network: 'finney', netuid: 72 }, NOW);
  expect(kept).toMatchObject({
    block: 101,
    networks: ['wss://lite.example', 'finney'],
    members: view().members,
  });
  expect(await keptView(path, { network: 'local', netuid: 72 }, NOW)).toMatchObject({ block: 7 });
  expect(await keptView(path, { network: 'finney', netuid: 7 }, NOW)).toBeUndefined();
  expect(await keptView(path, { network: 'test', netuid: 72 }, NOW)).toBeUndefined();
  // Written by a clock that was wrong.
  expect(await keptView(path, { network: 'finney', netuid: 72 }, NOW - 7_200_000)).toBeUndefined();
  expect(await keptView(join(path, 'nowhere'), { network: 'finney', netuid: 72 }, NOW)).toBeUndefined();
});

test('a file that is damaged anywhere is not used, and nothing throws', async () => {
  const path = folder();
  await keepView(path, view());
  const file = join(path, String(readdirSync(path)[0]));
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, -5));
  expect(await keptView(path, { network: 'finney', netuid: 72 }, NOW)).toBeUndefined();
  // Whatever is read after any change is a list of good addresses.
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), (at, piece) => {
      const kept = parseKept(text.slice(0, at) + piece + text.slice(at + piece.length));
      for (const { hotkey, stake } of kept?.members ?? []) {
        expect(hotkey).toBe(HOTKEY);
        expect(stake >= 0n).toBe(true);
      }
    }),
  );
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(parseKept(json)).toBeUndefined();
    }),
  );
});
