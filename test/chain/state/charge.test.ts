import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rao } from '../../../src/amount/index.ts';
import {
  estimateFee,
  hasCollateral,
  mostCharged,
  priceAfterBlocks,
  readAccount,
  readCollateral,
  readCollateralTerms,
  readPrice,
  readPriceRule,
  registrationBill,
  submit,
} from '../../../src/chain/index.ts';
import { Sv72Error } from '../../../src/errors/index.ts';
import { keypairFromUri } from '../../../src/wallet/index.ts';
import type { Variant } from '../../support/devchain/index.ts';
import { type Connected, connected } from '../connected.ts';

const TAO = 1_000_000_000n;
const coldkey = keypairFromUri('//Payer');
const hex = (key: Uint8Array) => `0x${Buffer.from(key).toString('hex')}`;

interface Case {
  readonly price: bigint;
  readonly lockShare: number;
  readonly standing: bigint;
  readonly movingPrice: bigint;
  /** Free balance beyond what the bill asks for. */
  readonly spare: bigint;
}

const cases: fc.Arbitrary<Case> = fc.record({
  price: fc.oneof(fc.bigInt(500_000n, TAO), fc.constant(1_000_000n)),
  lockShare: fc.oneof(fc.constantFrom(0, 13_107, 62_258), fc.integer({ min: 0, max: 62_258 })),
  standing: fc.oneof(fc.constant(0n), fc.bigInt(1n, 100n * TAO)),
  movingPrice: fc.bigInt(1n, 1n << 31n),
  spare: fc.oneof(fc.constantFrom(0n, -1n, 1n), fc.bigInt(-TAO, 100n * TAO)),
});

describe.each<Variant>(['spec424', 'newer', 'old'])('a registration on %s', (variant) => {
  let at: Connected;
  let count = 0;
  beforeAll(async () => {
    at = await connected({ variant, slotMs: 'instant' });
  });
  afterAll(() => at.close());

  it('takes what the bill says, to the rao, and is refused when the bill says so', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { dev, chain } = at;
        const hotkey = keypairFromUri(`//hotkey//${count++}`);
        const subnet = dev.world.subnets.get(72);
        if (!subnet) throw new Error('no subnet 72');
        subnet.burn = given.price;
        subnet.params.collateralLockShare = given.lockShare;
        subnet.movingPrice = given.movingPrice;
        subnet.registrationsThisInterval = 0;
        const position = { hotkey: hex(hotkey.publicKey), coldkey: hex(coldkey.publicKey) };
        subnet.collateral.clear();
        if (given.standing > 0n) {
          const held = {
            ...position,
            locked: given.standing,
            minLocked: 0n,
            earned: 0n,
            drainRatio: 1n << 64n,
          };
          subnet.collateral.set(`${position.hotkey}/${position.coldkey}`, held);
        }
        // Rich while the fee is asked for, then with what the bill asks for and the spare.
        const setFree = (free: bigint) => {
          const account = dev.world.accounts.get(position.coldkey) ?? { reserved: 0n, nonce: 0 };
          dev.world.accounts.set(position.coldkey, { ...account, free });
        };
        setFree(1_000n * TAO);
        const netuid = 72;
        const call = chain.has.call('SubtensorModule', 'register_limit')
          ? chain.compose('SubtensorModule', 'register_limit', {
              netuid,
              hotkey: hotkey.ss58,
              limit_price: TAO,
            })
          : chain.compose('SubtensorModule', 'burned_register', { netuid, hotkey: hotkey.ss58 });
        const [price, rule, terms, fee] = await Promise.all([
          readPrice(chain, netuid),
          readPriceRule(chain, netuid),
          readCollateralTerms(chain, netuid, hotkey.ss58, coldkey.ss58),
          estimateFee(chain, call, coldkey.publicKey),
        ]);
        const input = {
          // The block of the registration lets the price decay once more before it.
          price: priceAfterBlocks(price, 1, rule),
          collateral: terms,
          fee: rao(fee),
          existentialDeposit: rao(chain.existentialDeposit),
          rule: hasCollateral(chain) ? ('keep-alive' as const) : ('clipped' as const),
        };
        const none = { free: rao(0n), reserved: rao(0n), frozen: rao(0n) };
        const { required } = registrationBill({ ...input, funds: none });
        const free = required + given.spare;
        setFree(free > 0n ? free : 0n);
        const bill = registrationBill({ ...input, funds: await readAccount(chain, coldkey.ss58) });
        expect(bill.charge).toBeLessThanOrEqual(mostCharged(rao(TAO), terms));
        try {
          await submit(chain, call, { signer: coldkey });
        } catch (error) {
          if (!(error instanceof Sv72Error)) throw error;
          if (String(error.details.name) === 'SlippageTooHigh') return;
          expect(bill.shortfall, error.message).toBeGreaterThan(0n);
          return;
        }
        expect(bill.shortfall).toBe(0n);
        const after = await readAccount(chain, coldkey.ss58);
        expect(after.free).toBe(bill.remaining);
        const collateral = await readCollateral(chain, netuid, hotkey.ss58, coldkey.ss58);
        expect((collateral?.locked ?? 0n) > given.standing).toBe(bill.locked > 0n);
      }),
      { numRuns: 25 },
    );
  });
});
