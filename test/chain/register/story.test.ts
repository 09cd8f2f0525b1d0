import { readdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { hotkey, type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

const journals = () => readdirSync(stage.folder).filter((name) => name.endsWith('.json'));

test('registers a hotkey: one transaction, the UID from its event, nothing left to settle', async () => {
  stage = await startStage();
  const [registered, ...others] = await stage.register(stage.request());
  expect(others).toEqual([]);
  expect(registered).toMatchObject({
    hotkey: { ss58: hotkey('//Alice//new') },
    receipt: { block: expect.any(Number) },
  });
  expect(stage.sent('register_limit')).toBe(1);
  expect(journals()).toEqual([]);
  const uid = registered?.uid ?? -1;
  expect(await stage.chain.storage('SubtensorModule', 'Keys', 72, uid)).toBe(hotkey('//Alice//new'));
  expect(stage.news.at(-1)).toEqual({ kind: 'registered', registered });
});

test('what the bill says is what the chain takes, to the rao', async () => {
  stage = await startStage();
  const before = stage.devchain.world.accounts.get(
    `0x${Buffer.from(stage.alice.publicKey).toString('hex')}`,
  )?.free;
  const [registered] = await stage.register(stage.request());
  const after = stage.devchain.world.accounts.get(
    `0x${Buffer.from(stage.alice.publicKey).toString('hex')}`,
  )?.free;
  const taken = (registered?.receipt?.charged ?? 0n) + (registered?.receipt?.fee ?? 0n);
  expect((before ?? 0n) - (after ?? 0n)).toBe(taken);
  const bill = stage.bills[0]?.bill;
  expect(bill?.fee).toBe(registered?.receipt?.fee);
});

test('a hotkey that is registered already is done: nothing is asked and nothing is sent', async () => {
  stage = await startStage();
  const registered = await stage.register(stage.request({ hotkeys: ['//Dave//hot'] }));
  expect(registered).toEqual([{ hotkey: expect.anything(), uid: 5, receipt: undefined }]);
  expect(stage.bills).toEqual([]);
  expect(stage.devchain.submitted).toEqual([]);
});

test('above the ceiling nothing is signed', async () => {
  stage = await startStage();
  await expect(stage.register(stage.request(), { at: tao('0.01') })).rejects.toMatchObject({
    code: 'ERR_PRICE_ABOVE_CEILING',
  });
  expect(stage.devchain.submitted).toEqual([]);
  expect(journals()).toEqual([]);
});

test('several hotkeys, one after the other, with one bill', async () => {
  stage = await startStage();
  const uris = ['//Alice//1', '//Alice//2', '//Alice//3'];
  const registered = await stage.register(stage.request({ hotkeys: uris }), { at: tao('1') });
  expect(registered.map(({ hotkey }) => hotkey.name)).toEqual(uris);
  expect(new Set(registered.map(({ uid }) => uid)).size).toBe(3);
  expect(stage.bills).toHaveLength(1);
  expect(stage.bills[0]?.bill?.lines).toHaveLength(3);
  expect(stage.sent('register_limit')).toBe(3);
});

test('several stop at the first surprise, say what is done, and go on when called again', async () => {
  stage = await startStage();
  const request = stage.request({ hotkeys: ['//Alice//1', '//Alice//2', '//Alice//3'] });
  // The price rises with each: 0.08, 0.1008, 0.127.
  const error = await stage.register(request, { at: tao('0.11') }).catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'ERR_PRICE_ABOVE_CEILING',
    details: {
      registered: [
        expect.stringContaining(hotkey('//Alice//1')),
        expect.stringContaining(hotkey('//Alice//2')),
      ],
      left: [hotkey('//Alice//3')],
    },
  });
  const registered = await stage.register(request, { at: tao('1') });
  expect(registered.map(({ receipt }) => receipt !== undefined)).toEqual([false, false, true]);
  expect(stage.sent('register_limit')).toBe(3);
});
