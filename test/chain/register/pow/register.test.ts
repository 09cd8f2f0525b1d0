import { afterEach, expect, test } from 'vitest';
import { hotkey, type Stage, startStage, tao } from '../stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

test('registers by proof of work, for nothing but the fee', async () => {
  stage = await startStage({ variant: 'newer', scenario: 'pow', slotMs: 1_000 });
  const [registered] = await stage.register(stage.request({ way: 'pow' }));
  expect(registered).toMatchObject({
    hotkey: { ss58: hotkey('//Alice//new') },
    receipt: { charged: 0n, fee: stage.bills[0]?.fee },
  });
  expect(stage.sent('pow_register')).toBe(1);
  expect(stage.news.some(({ kind }) => kind === 'mining')).toBe(true);
});

test('the work is for the account that pays, also through a proxy', async () => {
  stage = await startStage({ variant: 'newer', scenario: 'pow', slotMs: 1_000 });
  const { keyOf } = await import('../../../support/devchain/scenarios/index.ts');
  stage.devchain.world.proxies.set(keyOf('//Bob'), {
    grants: [{ delegate: keyOf('//Alice'), type: 'Any', delay: 0 }],
    deposit: tao('0.093'),
  });
  const [registered] = await stage.register(stage.request({ way: 'pow', real: hotkey('//Bob') }));
  expect(await stage.chain.storage('SubtensorModule', 'Owner', hotkey('//Alice//new'))).toBe(hotkey('//Bob'));
  expect(registered?.uid).toBeGreaterThanOrEqual(0);
});

test('the search ends when its time is over', async () => {
  stage = await startStage({ variant: 'newer', scenario: 'pow', slotMs: 1_000 });
  const subnet = stage.devchain.world.subnets.get(72);
  if (subnet !== undefined) {
    subnet.params.minDifficulty = 2n ** 60n;
    subnet.difficulty = 2n ** 60n;
  }
  const request = stage.request({ way: 'pow' });
  const pow = { threads: 1, timeoutMs: 200 };
  await expect(stage.register(request, { pow })).rejects.toMatchObject({ code: 'ERR_POW_TIMEOUT' });
  expect(stage.devchain.submitted).toEqual([]);
});

test('no room in this block: the same proof is sent again in the next, and nobody hears of a failure', async () => {
  stage = await startStage({ variant: 'newer', scenario: 'pow', slotMs: 'manual' });
  const { devchain } = stage;
  // As after a block with registrations of others: the pool has no room before one more block.
  const subnet = devchain.world.subnets.get(72);
  if (subnet !== undefined) subnet.registrationsThisBlock = subnet.params.maxRegistrationsPerBlock;
  const mining: number[] = [];
  let signed = 0;
  const [registered] = await stage.register(stage.request({ way: 'pow' }), {
    onNews: (news) => {
      if (news.kind === 'mining') mining.push(news.block);
      if (news.kind === 'signed') {
        signed++;
        // The node judges what was signed; then the next block comes.
        if (signed === 1) setTimeout(() => devchain.mine(), 300);
      }
      if (news.kind === 'submitted') devchain.mine();
    },
  });
  expect(signed).toBe(2);
  expect(new Set(mining).size).toBe(1);
  expect(registered?.receipt?.charged).toBe(0n);
  const works = devchain.submitted.flatMap(({ extrinsic }) =>
    extrinsic?.call.name === 'pow_register' ? [JSON.stringify(extrinsic.call.args, (_, v) => `${v}`)] : [],
  );
  expect(works).toHaveLength(2);
  expect(new Set(works).size).toBe(1);
});
