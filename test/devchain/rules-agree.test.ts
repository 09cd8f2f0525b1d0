import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alpha } from '../../src/amount/index.ts';
import { rao } from '../../src/amount/index.ts';
import {
  neuronToPrune,
  ownerImmuneUids,
  type PriceRule,
  priceAfterBlocks,
  priceAfterRegistrations,
  registrationCharge,
} from '../../src/chain/index.ts';
import { chargeOf, lock } from '../support/devchain/rules/collateral.ts';
import { decayed, raised } from '../support/devchain/rules/price.ts';
import { immortalHotkeys, uidToPrune } from '../support/devchain/rules/pruning.ts';
import { createWorld as createScenario } from '../support/devchain/runtime.ts';
import { strangerKey } from '../support/devchain/scenarios/index.ts';
import { addSubnet, createWorld, newNeuron, U64F64_ONE, uidOf } from '../support/devchain/world/index.ts';

// The product's rules and the test chain's were written apart, from the same description: here they meet.

it('prices move alike', () => {
  fc.assert(
    fc.property(
      fc.bigInt(1n, 10n ** 12n),
      fc.integer({ min: 0, max: 3_000 }),
      fc.bigInt(0n, 3n * U64F64_ONE),
      fc.bigInt(0n, 10n ** 6n),
      fc.integer({ min: 1, max: 60 }),
      (price, halfLife, increaseBits, min, blocks) => {
        const max = 10n ** 11n;
        const rule: PriceRule = { kind: 'continuous', halfLife, increaseBits, min: rao(min), max: rao(max) };
        let now = price;
        for (let block = 0; block < blocks; block++) now = decayed(now, halfLife, min, max);
        expect(priceAfterBlocks(rao(price), blocks, rule)).toBe(now);
        expect(priceAfterRegistrations(rao(price), 1, rule)).toBe(raised(price, increaseBits, min, max));
      },
    ),
    { numRuns: 60 },
  );
});

it('charges are alike, to the rao', () => {
  const [hotkey, coldkey] = [strangerKey('hot'), strangerKey('cold')];
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 14n),
      fc.integer({ min: 0, max: 62_258 }),
      fc.bigInt(0n, 10n ** 14n),
      fc.bigInt(0n, 1n << 36n),
      (price, lockShare, standing, movingPriceBits) => {
        const world = createWorld({ blockNumber: 1, timestamp: 0 });
        const params = { collateralLockShare: lockShare };
        const subnet = addSubnet(world, {
          netuid: 7,
          name: '',
          symbol: '',
          owner: hotkey,
          ownerHotkey: hotkey,
          registeredAt: 1,
          params,
        });
        subnet.movingPrice = movingPriceBits;
        lock(subnet, hotkey, coldkey, standing, { resnapshot: true });
        const { burned, locked } = registrationCharge(rao(price), {
          lockShare,
          standing: standing as Alpha,
          movingPriceBits,
        });
        expect({ burned, topUp: locked }).toEqual(chargeOf(subnet, hotkey, coldkey, price));
      },
    ),
  );
});

it('the same UID is pushed out, on random metagraphs', () => {
  const owner = strangerKey('owner');
  const row = fc.record({
    emission: fc.bigInt(0n, 3n),
    registeredAt: fc.integer({ min: 940, max: 1_000 }),
    owned: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
  });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 0, max: 70 }),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 3 }),
      fc.option(fc.nat(49)),
      (table, immunityPeriod, minNonImmuneUids, immuneOwnerUidsLimit, ownerHotkey) => {
        const world = createWorld({ blockNumber: 1_000, timestamp: 0 });
        const key = (uid: number) => strangerKey(`key ${uid}`);
        const subnet = addSubnet(world, {
          netuid: 7,
          name: '',
          symbol: '',
          owner,
          ownerHotkey: ownerHotkey === null ? strangerKey('elsewhere') : key(ownerHotkey),
          registeredAt: 1,
          params: { immunityPeriod, minNonImmuneUids, immuneOwnerUidsLimit },
        });
        for (const [uid, { emission, registeredAt, owned }] of table.entries()) {
          subnet.neurons.push({ ...newNeuron(key(uid), registeredAt), emission });
          if (owned) world.owners.set(key(uid), owner);
        }
        const owned = subnet.neurons.flatMap(({ hotkey, registeredAt }, uid) =>
          world.owners.get(hotkey) === owner ? [{ uid, registeredAt }] : [],
        );
        const ownerImmune = ownerImmuneUids(owned, uidOf(subnet, subnet.ownerHotkey), immuneOwnerUidsLimit);
        const immortal = immortalHotkeys(world, subnet).map((hotkey) => uidOf(subnet, hotkey));
        expect([...ownerImmune].sort()).toEqual(immortal.sort());
        const neurons = subnet.neurons.map(({ emission, registeredAt }, uid) => ({
          uid,
          rank: emission,
          registeredAt,
        }));
        expect(
          neuronToPrune({
            neurons,
            block: 1_000,
            immunityPeriod,
            minNonImmune: minNonImmuneUids,
            ownerImmune,
          }),
        ).toBe(uidToPrune(world, subnet, 1_000));
      },
    ),
    { numRuns: 500 },
  );
});

it('the same UID is pushed out in a full scenario', () => {
  const world = createScenario('paying', 0);
  const subnet = world.subnets.get(72);
  if (subnet === undefined) throw new Error('no subnet 72');
  const block = world.blockNumber + 1;
  const neurons = subnet.neurons.map(({ emission, registeredAt }, uid) => ({
    uid,
    rank: emission,
    registeredAt,
  }));
  const said = neuronToPrune({
    neurons,
    block,
    immunityPeriod: 21_600,
    minNonImmune: 10,
    ownerImmune: new Set([0]),
  });
  expect(said).toBe(uidToPrune(world, subnet, block));
  expect(said).toBeDefined();
});
