import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeOf, lock, lockedPart, settle } from '../support/devchain/rules/collateral.ts';
import { strangerKey } from '../support/devchain/scenarios/index.ts';
import {
  addSubnet,
  createWorld,
  lockedOf,
  positionKey,
  stakeOf,
  U64F64_ONE,
} from '../support/devchain/world/index.ts';

const [HOT, COLD] = [strangerKey('hot'), strangerKey('cold')];
const amount = fc.bigInt(0n, 10n ** 15n);

function build(share: number, movingPrice = 1n << 32n) {
  const world = createWorld({ blockNumber: 1, timestamp: 0 });
  const subnet = addSubnet(world, {
    netuid: 7,
    name: '',
    symbol: '',
    owner: strangerKey('owner'),
    ownerHotkey: strangerKey('owner hot'),
    registeredAt: 1,
    params: { collateralLockShare: share },
  });
  subnet.movingPrice = movingPrice;
  return { world, subnet };
}

describe('the charge', () => {
  it('is the price, less what is locked already, and the burned part does not depend on that', () => {
    fc.assert(
      fc.property(
        amount,
        fc.integer({ min: 0, max: 62_258 }),
        amount,
        fc.bigInt(0n, 1n << 34n),
        (price, share, standing, moving) => {
          const { subnet } = build(share, moving);
          const fresh = chargeOf(subnet, HOT, COLD, price);
          expect(fresh.burned + fresh.topUp).toBe(price);
          // One rao under the exact fraction at most.
          const exact = (price * BigInt(share)) / 65_535n;
          expect(exact - fresh.topUp === 0n || exact - fresh.topUp === 1n).toBe(true);
          lock(subnet, HOT, COLD, standing, { resnapshot: true });
          const again = chargeOf(subnet, HOT, COLD, price);
          expect(again.burned).toBe(fresh.burned);
          const worth = (standing * moving) >> 32n;
          expect(again.topUp).toBe(fresh.topUp > worth ? fresh.topUp - worth : 0n);
        },
      ),
    );
  });

  it('is one rao less locked where the fraction would be even: the share itself is cut first', () => {
    const { subnet } = build(13_107);
    expect(chargeOf(subnet, HOT, COLD, 5n)).toEqual({ burned: 5n, topUp: 0n });
  });

  it('splits what was bought in proportion', () => {
    fc.assert(
      fc.property(amount, amount, amount, (alpha, burned, topUp) => {
        const locked = lockedPart(alpha, { burned, topUp });
        expect(locked >= 0n && locked <= alpha).toBe(true);
        if (topUp === 0n) expect(locked).toBe(0n);
        else if (burned === 0n) expect(locked).toBe(alpha);
      }),
    );
  });
});

describe('an epoch’s earnings', () => {
  it('drain the lock down to its floor, or fill it up to there', () => {
    fc.assert(
      fc.property(amount, amount, amount, fc.bigInt(0n, 3n * U64F64_ONE), (locked, floor, earned, ratio) => {
        const { world, subnet } = build(0);
        const key = positionKey(HOT, COLD);
        subnet.collateral.set(key, {
          hotkey: HOT,
          coldkey: COLD,
          locked,
          minLocked: floor,
          earned: 0n,
          drainRatio: ratio,
        });
        const captured = settle(world, subnet, HOT, COLD, earned);
        const after = lockedOf(subnet, HOT, COLD);
        expect(captured >= 0n && captured <= earned).toBe(true);
        expect(stakeOf(world, HOT, COLD, 7)).toBe(captured);
        if (locked < floor) expect(after).toBe(locked + captured);
        else {
          expect(captured).toBe(0n);
          expect(after >= floor && after <= locked).toBe(true);
          expect(locked - after).toBeLessThanOrEqual((earned * ratio) >> 64n);
        }
        if (earned > 0n && locked === 0n && floor === 0n) expect(subnet.collateral.has(key)).toBe(false);
      }),
    );
  });
});
