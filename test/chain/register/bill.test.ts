import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rao } from '../../../src/amount/index.ts';
import { priceAfterBlocks, registrationCharge } from '../../../src/chain/rules/index.ts';
import { readPriceRule } from '../../../src/chain/state/price.ts';
import { keyOf } from '../../support/devchain/scenarios/index.ts';
import { hotkey, type Stage, startStage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ variant: 'newer', scenario: 'collateral' });
}, 60_000);
afterAll(async () => await stage.close());

test('the chain takes what the bill says, to the rao: any price, any collateral', async () => {
  const { chain, devchain } = stage;
  const subnet = devchain.world.subnets.get(72);
  if (subnet === undefined) throw new Error('no subnet 72');
  const free = () => devchain.world.accounts.get(keyOf('//Alice'))?.free ?? 0n;
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt(500_000n, 3_000_000_000n),
      fc.integer({ min: 0, max: 62_258 }),
      fc.option(fc.bigInt(1n, 3_000_000_000n), { nil: undefined }),
      async (price, share, standing) => {
        const uri = `//Alice//bill ${count++}`;
        subnet.burn = price;
        subnet.params.collateralLockShare = share;
        if (standing !== undefined) {
          const [key, cold] = [keyOf(uri), keyOf('//Alice')];
          subnet.collateral.set(`${key}/${cold}`, {
            hotkey: key,
            coldkey: cold,
            locked: standing,
            minLocked: 0n,
            earned: 0n,
            drainRatio: 1n << 64n,
          });
        }
        const account = devchain.world.accounts.get(keyOf('//Alice'));
        if (account !== undefined) account.free = 100_000_000_000n;
        stage.bills.length = 0;
        const before = free();
        const [registered] = await stage.register(stage.request({ hotkeys: [uri] }), { at: rao(price) });
        const [preparation] = stage.bills;
        if (preparation?.bill === undefined) throw new Error('no bill');
        const line = preparation.bill.lines[0]?.bill;
        expect(line?.price).toBe(price);
        // By the block that takes it the price has decayed once.
        const terms = preparation.survey.hotkeys[0]?.collateral;
        if (terms === undefined) throw new Error('no terms');
        const then = priceAfterBlocks(rao(price), 1, await readPriceRule(chain, 72));
        const expected = registrationCharge(then, terms).charge;
        expect(registered?.receipt?.charged).toBe(expected);
        expect(registered?.receipt?.fee).toBe(preparation.bill.fee);
        expect(before - free()).toBe(expected + preparation.bill.fee);
        expect(expected).toBeLessThanOrEqual(preparation.bill.charge);
        expect(hotkey(uri)).toBe(registered?.hotkey.ss58);
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

test('the ceiling is never exceeded, whatever the price does between signing and the block', async () => {
  const { chain, devchain } = stage;
  // A call that fails puts the whole world back, so the subnet is looked up anew each time.
  const setPrice = (price: bigint) => {
    const subnet = devchain.world.subnets.get(72);
    if (subnet === undefined) throw new Error('no subnet 72');
    subnet.params.collateralLockShare = 0;
    subnet.burn = price;
  };
  let count = 0;
  const amount = fc.bigInt(500_000n, 2_000_000_000n);
  await fc.assert(
    fc.asyncProperty(amount, amount, fc.bigInt(0n, 1_000_000_000n), async (before, after, room) => {
      const ceiling = rao(before + room);
      const account = devchain.world.accounts.get(keyOf('//Alice'));
      if (account !== undefined) account.free = 100_000_000_000n;
      setPrice(before);
      const outcome = await stage
        .register(stage.request({ hotkeys: [`//Alice//ceiling ${count++}`] }), {
          at: ceiling,
          onNews: ({ kind }) => {
            if (kind === 'signed') setPrice(after);
          },
        })
        .catch((error) => error);
      const price = priceAfterBlocks(rao(after), 1, await readPriceRule(chain, 72));
      if (price > ceiling) expect(outcome.details?.name).toBe('RegistrationPriceLimitExceeded');
      else expect(outcome).toMatchObject([{ receipt: { charged: price } }]);
    }),
    { numRuns: 15 },
  );
}, 60_000);
