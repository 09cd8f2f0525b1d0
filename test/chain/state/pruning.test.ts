import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextSlot, readPruning, submit } from '../../../src/chain/index.ts';
import { Sv72Error } from '../../../src/errors/index.ts';
import { keypairFromUri } from '../../../src/wallet/index.ts';
import type { Variant } from '../../support/devchain/index.ts';
import { type Connected, connected } from '../connected.ts';

const coldkey = keypairFromUri('//Alice');
const START = 4_999_000;

/** Few neurons, and few different values, so that ties are common. */
const neurons = fc.array(
  fc.record({ emission: fc.bigInt(0n, 3n), age: fc.integer({ min: 0, max: 40 }), ownersToo: fc.boolean() }),
  { minLength: 3, maxLength: 12 },
);
const cases = fc.record({
  neurons,
  immunityPeriod: fc.integer({ min: 0, max: 30 }),
  minNonImmune: fc.integer({ min: 0, max: 8 }),
  ownerLimit: fc.integer({ min: 0, max: 3 }),
  room: fc.constantFrom(0, 0, 0, 1),
});

describe.each<Variant>(['spec424', 'newer'])('on %s', (variant) => {
  let at: Connected;
  let count = 0;
  beforeAll(async () => {
    at = await connected({ variant, slotMs: 'instant' });
  });
  afterAll(() => at.close());

  it('the newcomer gets the UID that was foretold', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { dev, chain } = at;
        const subnet = dev.world.subnets.get(72);
        const [first] = subnet?.neurons ?? [];
        if (!subnet || !first) throw new Error('no subnet 72');
        const block = dev.world.blockNumber + 1;
        subnet.neurons = given.neurons.map(({ emission, age, ownersToo }, uid) => {
          const hotkey =
            uid === 0 ? subnet.ownerHotkey : `0x${(count * 100 + uid).toString(16).padStart(64, '0')}`;
          dev.world.owners.set(hotkey, uid === 0 || ownersToo ? subnet.owner : `0x${'ee'.repeat(32)}`);
          return { ...first, hotkey, emission, registeredAt: block - age };
        });
        subnet.burn = 500_000n;
        subnet.params.immunityPeriod = given.immunityPeriod;
        subnet.params.minNonImmuneUids = given.minNonImmune;
        subnet.params.immuneOwnerUidsLimit = given.ownerLimit;
        subnet.params.maxAllowedUids = given.neurons.length + given.room;
        expect(block).toBeGreaterThan(START);
        const foretold = nextSlot(await readPruning(chain, 72, block));
        const hotkey = keypairFromUri(`//new//${count++}`).ss58;
        const call = chain.compose('SubtensorModule', 'burned_register', { netuid: 72, hotkey });
        let uid: unknown;
        try {
          const { events } = await submit(chain, call, { signer: coldkey });
          uid = events.find(({ name }) => name === 'NeuronRegistered')?.fields['1'];
        } catch (error) {
          if (!(error instanceof Sv72Error)) throw error;
          expect(error.details.name).toBe('NoNeuronIdAvailable');
        }
        expect(uid).toBe(foretold.kind === 'none' ? undefined : foretold.uid);
      }),
      { numRuns: 25 },
    );
  });
});
