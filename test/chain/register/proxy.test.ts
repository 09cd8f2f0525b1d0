import { afterEach, expect, test } from 'vitest';
import { keyOf } from '../../support/devchain/scenarios/index.ts';
import { hotkey, type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

/** Bob lets Alice act for him. */
function grant(...grants: readonly { type: string; delay: number }[]): void {
  stage.devchain.world.proxies.set(keyOf('//Bob'), {
    grants: grants.map((one) => ({ ...one, delegate: keyOf('//Alice') })),
    deposit: tao('0.093'),
  });
}

const free = (uri: string) => stage.devchain.world.accounts.get(keyOf(uri))?.free ?? 0n;

test('a proxy registers: the account pays the price and owns the hotkey, the proxy pays the fee', async () => {
  stage = await startStage();
  grant({ type: 'Registration', delay: 0 });
  const before = { alice: free('//Alice'), bob: free('//Bob') };
  const [registered] = await stage.register(stage.request({ real: hotkey('//Bob') }));
  expect(await stage.chain.storage('SubtensorModule', 'Owner', hotkey('//Alice//new'))).toBe(hotkey('//Bob'));
  expect(before.alice - free('//Alice')).toBe(registered?.receipt?.fee);
  expect(before.bob - free('//Bob')).toBe(registered?.receipt?.charged);
  expect(stage.bills[0]?.bill).toMatchObject({ feeBy: 'proxy', free: before.bob });
  expect(stage.bills[0]?.bill?.fee).toBe(registered?.receipt?.fee);
});

test('several hotkeys go through one right, one after the other, also through a wider one', async () => {
  stage = await startStage();
  grant({ type: 'NonTransfer', delay: 0 });
  const request = stage.request({ real: hotkey('//Bob'), hotkeys: ['//Alice//1', '//Alice//2'] });
  const registered = await stage.register(request, { at: tao('1') });
  expect(new Set(registered.map(({ uid }) => uid)).size).toBe(2);
  expect(stage.bills).toHaveLength(1);
  for (const uri of ['//Alice//1', '//Alice//2']) {
    expect(await stage.chain.storage('SubtensorModule', 'Owner', hotkey(uri))).toBe(hotkey('//Bob'));
  }
});

test('where the account agreed to pay the fees, the bill says so, and the chain does so', async () => {
  stage = await startStage();
  grant({ type: 'Registration', delay: 0 });
  stage.devchain.world.realPaysFee.add(`${keyOf('//Bob')}/${keyOf('//Alice')}`);
  const before = { alice: free('//Alice'), bob: free('//Bob') };
  const [registered] = await stage.register(stage.request({ real: hotkey('//Bob') }));
  expect(stage.bills[0]?.bill?.feeBy).toBe('coldkey');
  expect(free('//Alice')).toBe(before.alice);
  const receipt = registered?.receipt;
  expect(before.bob - free('//Bob')).toBe((receipt?.charged ?? 0n) + (receipt?.fee ?? 0n));
});

test.each([
  ['no right at all', []],
  ['a right to something else', [{ type: 'Staking', delay: 0 }]],
  ['a right with a delay', [{ type: 'Registration', delay: 10 }]],
])('%s is refused before anything is signed', async (_, grants) => {
  stage = await startStage();
  grant(...grants);
  const register = stage.register(stage.request({ real: hotkey('//Bob') }));
  await expect(register).rejects.toMatchObject({
    code: 'ERR_PROXY',
    details: { types: ['Registration', 'NonTransfer', 'NonFungible', 'NonCritical', 'Any'] },
  });
  expect(stage.devchain.submitted).toEqual([]);
});

test('the account’s balance counts for the price, the proxy’s for the fee', async () => {
  stage = await startStage();
  grant({ type: 'Registration', delay: 0 });
  stage.devchain.world.accounts.set(keyOf('//Alice'), { free: 1_000_000n, reserved: 0n, nonce: 0 });
  const register = async () => await stage.register(stage.request({ real: hotkey('//Bob') }));
  await expect(register()).rejects.toMatchObject({
    code: 'ERR_BALANCE_TOO_LOW',
    details: { account: hotkey('//Alice') },
  });
  stage.devchain.world.accounts.set(keyOf('//Bob'), { free: 1_000_000n, reserved: 0n, nonce: 0 });
  await expect(register()).rejects.toMatchObject({
    code: 'ERR_BALANCE_TOO_LOW',
    details: { account: hotkey('//Bob') },
  });
});
