import { afterEach, expect, test } from 'vitest';
import { holdsCeiling } from '../../../src/chain/register/call.ts';
import { type Stage, startStage, tao } from './stage.ts';

let stage: Stage;
afterEach(async () => await stage.close());

test('without register_limit the price is read again right before signing', async () => {
  stage = await startStage({ variant: 'old' });
  expect(holdsCeiling(stage.chain)).toBe(false);
  await expect(
    stage.register(stage.request(), {
      at: tao('0.1'),
      unlock: async () => {
        // It rises while the password is being typed.
        const subnet = stage.devchain.world.subnets.get(72);
        if (subnet) subnet.burn = tao('0.2');
        return stage.alice;
      },
    }),
  ).rejects.toMatchObject({ code: 'ERR_PRICE_ABOVE_CEILING' });
  expect(stage.devchain.submitted).toEqual([]);
  expect(stage.bills[0]?.ceilingHeld).toBe(false);
});

test.each(['node', 'fork'] as const)('an old runtime registers by burned_register (%s)', async (spelling) => {
  stage = await startStage({ variant: 'old', spelling, slotDurationMs: 250 });
  const [registered] = await stage.register(stage.request(), { at: tao('1') });
  expect(registered?.receipt?.charged).toBeGreaterThan(0n);
  expect(stage.sent('burned_register')).toBe(1);
});

test('collateral is on the bill, and the charge is what the bill says', async () => {
  stage = await startStage({ variant: 'newer', scenario: 'collateral' });
  const [registered] = await stage.register(stage.request());
  const bill = stage.bills[0]?.bill;
  expect(bill?.locked).toBeGreaterThan(0n);
  // The price decays by one block between the bill and the registration.
  expect(registered?.receipt?.charged).toBeLessThanOrEqual(bill?.charge ?? 0n);
  expect(registered?.receipt?.charged).toBeGreaterThan(((bill?.charge ?? 0n) * 99n) / 100n);
});

test('the chain holds the ceiling: a price that rose meanwhile costs only the fee', async () => {
  stage = await startStage({ slotMs: 'manual' });
  const before = stage.devchain.world.accounts.get(
    `0x${Buffer.from(stage.alice.publicKey).toString('hex')}`,
  )?.free;
  const registering = stage.register(stage.request(), {
    at: tao('0.1'),
    onNews: (news) => {
      if (news.kind !== 'submitted' || news.status.kind !== 'sent') return;
      const subnet = stage.devchain.world.subnets.get(72);
      if (subnet) subnet.burn = tao('0.5');
      stage.devchain.mine(2);
    },
  });
  const error = await registering.catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: 'ERR_CHAIN_FAILED',
    details: { name: 'RegistrationPriceLimitExceeded' },
  });
  const after = stage.devchain.world.accounts.get(
    `0x${Buffer.from(stage.alice.publicKey).toString('hex')}`,
  )?.free;
  expect((before ?? 0n) - (after ?? 0n)).toBe(BigInt(error.details.fee_rao));
});
