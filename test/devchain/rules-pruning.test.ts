import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { immortalHotkeys, isImmune, subnetToPrune, uidToPrune } from '../support/devchain/rules/pruning.ts';
import { strangerKey } from '../support/devchain/scenarios/index.ts';
import {
  addSubnet,
  createWorld,
  newNeuron,
  type Subnet,
  type World,
} from '../support/devchain/world/index.ts';

const OWNER = strangerKey('owner');
const BLOCK = 1_000;

interface Row {
  readonly emission: bigint;
  readonly registeredAt: number;
  readonly owners: boolean;
}

const rows = fc.array(
  fc.record({
    emission: fc.bigInt(0n, 3n),
    registeredAt: fc.integer({ min: BLOCK - 60, max: BLOCK }),
    owners: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

function build(
  table: readonly Row[],
  params: { immunityPeriod: number; minNonImmuneUids: number; immuneOwnerUidsLimit: number },
) {
  const world: World = createWorld({ blockNumber: BLOCK, timestamp: 0 });
  const subnet: Subnet = addSubnet(world, {
    netuid: 7,
    name: 'x',
    symbol: 'x',
    owner: OWNER,
    ownerHotkey: strangerKey('key 0'),
    registeredAt: 1,
    params: { ...params, maxAllowedUids: table.length },
  });
  for (const [uid, row] of table.entries()) {
    const hotkey = strangerKey(`key ${uid}`);
    subnet.neurons.push({ ...newNeuron(hotkey, row.registeredAt), emission: row.emission });
    world.owners.set(hotkey, row.owners || uid === 0 ? OWNER : strangerKey('somebody'));
  }
  return { world, subnet };
}

const params = fc.record({
  immunityPeriod: fc.integer({ min: 0, max: 70 }),
  minNonImmuneUids: fc.integer({ min: 0, max: 12 }),
  immuneOwnerUidsLimit: fc.integer({ min: 0, max: 3 }),
});

describe('who is pushed out', () => {
  it('is nobody of the owner that the limit protects, and nobody immune while enough are not', () => {
    fc.assert(
      fc.property(rows, params, (table, given) => {
        const { world, subnet } = build(table, given);
        const uid = uidToPrune(world, subnet, BLOCK);
        const immortal = immortalHotkeys(world, subnet);
        expect(immortal.length).toBeLessThanOrEqual(given.immuneOwnerUidsLimit);
        const mortal = subnet.neurons.filter(({ hotkey }) => !immortal.includes(hotkey));
        const open = mortal.filter((neuron) => !isImmune(subnet, neuron, BLOCK));
        if (uid === undefined) {
          expect(open.length).toBeLessThanOrEqual(given.minNonImmuneUids);
          expect(mortal.length).toBe(open.length);
          return;
        }
        const victim = subnet.neurons[uid];
        if (victim === undefined) throw new Error('a UID that is none');
        expect(immortal).not.toContain(victim.hotkey);
        expect(isImmune(subnet, victim, BLOCK)).toBe(open.length <= given.minNonImmuneUids);
        const rivals =
          open.length > given.minNonImmuneUids ? open : mortal.filter((one) => isImmune(subnet, one, BLOCK));
        for (const rival of rivals) {
          expect(rival.emission).toBeGreaterThanOrEqual(victim.emission);
          if (rival.emission === victim.emission)
            expect(rival.registeredAt).toBeGreaterThanOrEqual(victim.registeredAt);
        }
      }),
    );
  });

  it('is the oldest, then the lowest UID, where nobody earns', () => {
    const at = (registeredAt: number) => ({ emission: 0n, registeredAt, owners: false });
    const none = { immunityPeriod: 0, minNonImmuneUids: 0, immuneOwnerUidsLimit: 1 };
    const { world, subnet } = build([at(900), at(950), at(940), at(940)], none);
    expect(uidToPrune(world, subnet, BLOCK)).toBe(2);
  });

  it('protects the oldest of the owner’s, the owner hotkey first', () => {
    const mine = (registeredAt: number) => ({ emission: 0n, registeredAt, owners: true });
    const { world, subnet } = build([mine(990), mine(950), mine(940)], {
      immunityPeriod: 0,
      minNonImmuneUids: 0,
      immuneOwnerUidsLimit: 2,
    });
    expect(immortalHotkeys(world, subnet)).toEqual([strangerKey('key 0'), strangerKey('key 2')]);
  });
});

it('the subnet to go is the cheapest past its immunity', () => {
  const world = createWorld({ blockNumber: 2_000_000, timestamp: 0 });
  const add = (netuid: number, taoIn: bigint, registeredAt: number) =>
    addSubnet(world, {
      netuid,
      name: '',
      symbol: '',
      owner: OWNER,
      ownerHotkey: OWNER,
      registeredAt,
      taoIn,
      alphaIn: 100n,
    });
  add(0, 0n, 1);
  add(1, 50n, 1);
  add(2, 10n, 1_900_000);
  expect(subnetToPrune(world)).toBe(1);
  add(3, 50n, 0);
  expect(subnetToPrune(world)).toBe(3);
});
