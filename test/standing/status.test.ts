import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpha } from '../../src/amount/index.ts';
import { type Chain, encodeIp } from '../../src/chain/index.ts';
import { perDay, readStatus, statusJson, statusLines } from '../../src/standing/index.ts';
import { openStoreReader, openStoreWriter } from '../../src/store/index.ts';
import { ss58Encode } from '../../src/wallet/index.ts';
import { type Connected, connected } from '../chain/connected.ts';
import { request, temporaryFolder, writerOptions } from '../store/sample.ts';

let at: Connected;
beforeAll(async () => {
  at = await connected({ slotMs: 'manual', slotDurationMs: 12_000 });
});
afterAll(async () => {
  await at.close();
});

const address = (uid: number) => {
  const key = at.dev.world.subnets.get(72)?.neurons[uid]?.hotkey ?? '';
  return ss58Encode(Buffer.from(key.slice(2), 'hex'));
};

const status = async (some: Partial<Parameters<typeof readStatus>[0]> = {}, chain: Chain = at.chain) =>
  await readStatus({ chain, netuid: 72, hotkeys: [], store: null, model: undefined, ...some });

describe('the status', () => {
  it('puts whether the subnet pays first', async () => {
    const lines = statusLines(await status());
    expect(lines[0]).toBe('Subnet 72 pays its miners.');
  });

  it('tells a registered hotkey’s place, pay and axon, and of another that it has none', async () => {
    const subnet = at.dev.world.subnets.get(72);
    const uid = subnet?.neurons.findIndex(({ incentive }) => incentive > 0) ?? -1;
    const ss58 = address(uid);
    const key = subnet?.neurons[uid]?.hotkey ?? '';
    const encoded = encodeIp('8.8.8.8');
    const axon = {
      block: 1,
      version: 1,
      ip: encoded?.ip ?? 0n,
      port: 8_091,
      ip_type: 4,
      protocol: 4,
      placeholder1: 0,
      placeholder2: 0,
    };
    subnet?.axons.set(key, axon);
    at.dev.mine(1);
    const found = await status({
      hotkeys: [
        { wallet: 'w', name: 'a', ss58, expected: { ip: '8.8.8.8', port: 8_091 } },
        { wallet: 'w', name: 'b', ss58, expected: { ip: '8.8.8.8', port: 8_092 } },
        { wallet: 'w', name: 'c', ss58: undefined },
      ],
    });
    const [a, b, c] = found.hotkeys;
    expect(a).toMatchObject({ axonMatches: true, neuron: { uid } });
    expect(b?.axonMatches).toBe(false);
    expect(c?.neuron).toBeUndefined();
    expect(a?.neuron?.emission).toBeGreaterThan(0n);
    // 360 blocks of 12 s are an epoch, so a day has 20.
    expect(a?.alphaPerDay).toBe(alpha((a?.neuron?.emission ?? 0n) * 20n));
    const lines = statusLines(found);
    expect(lines.join('\n')).toContain('8.8.8.8:8091, as configured here');
    expect(lines.join('\n')).toContain('but this machine serves 8.8.8.8:8092');
    expect(statusJson(found, 'local').hotkeys.map(({ axon_matches: matches }) => matches)).toEqual([
      true,
      false,
      null,
    ]);
  });

  it('says which model answers for whom where they have their own, else once for all', async () => {
    const model = (name: string) => ({
      name,
      version: '1.0.0',
      madeAt: '2026-01-01T00:00:00Z',
      ageDays: 3.5,
    });
    const one = {
      wallet: 'w',
      name: 'a',
      ss58: address(10),
      serves: { profile: 'speed', model: model('m') },
    };
    const other = { ...one, name: 'b', serves: { profile: 'accuracy', model: model('large') } };
    const stranger = { wallet: 'v', name: 'c', ss58: undefined };
    const alike = await status({ hotkeys: [one, { ...one, name: 'b' }, stranger], model: model('m') });
    expect(statusLines(alike).filter((line) => /^ *(model|profile) /.test(line))).toEqual([
      'model       m 1.0.0, 3 days old',
    ]);
    const apart = await status({ hotkeys: [one, other, stranger], model: model('m') });
    expect(statusLines(apart).filter((line) => /^ *(model|profile) /.test(line))).toEqual([
      '  profile     speed',
      '  model       m 1.0.0, 3 days old',
      '  profile     accuracy',
      '  model       large 1.0.0, 3 days old',
    ]);
    expect(statusJson(apart, 'local').hotkeys).toMatchObject([
      { profile: 'speed', model: { name: 'm' } },
      { profile: 'accuracy', model: { name: 'large', age_days: 3.5 } },
      { profile: null, model: null },
    ]);
  });

  it('counts the challenges of a day from the store', async () => {
    const now = Date.now();
    const ss58 = address(10);
    const folder = temporaryFolder();
    const writer = openStoreWriter(writerOptions(folder));
    for (const record of [
      request({ miner: ss58, at: now - 1_000 }),
      request({ miner: ss58, at: now - 3_600_000, outcome: 'failed' }),
      request({ miner: ss58, at: now - 25 * 3_600_000 }),
      request({ miner: address(11), at: now }),
    ]) {
      writer.record(record);
    }
    await writer.close();
    const store = openStoreReader(join(folder, 'sv72.db'));
    const found = await status({ hotkeys: [{ wallet: 'w', name: 'a', ss58 }], store, now: () => now });
    store?.close();
    expect(found.hotkeys[0]?.challenges).toEqual({ received: 2, answered: 1, lastAt: now - 1_000 });
    expect(statusLines(found, now).join('\n')).toContain('2 in 24 h, 1 answered; last 1 s ago');
  });
});

it('a day’s pay follows the length of an epoch', () => {
  expect(perDay(alpha(10n), 360, 12_000)).toBe(200n);
  expect(perDay(alpha(10n), 10, 250)).toBe(345_600n);
  expect(perDay(alpha(10n), 0, 12_000)).toBe(0n);
});
