import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  immunityLeft,
  neuronToPrune,
  nextSlot,
  ownerImmuneUids,
  type PruningInput,
  pruningOrder,
  standingOf,
} from '../../../src/chain/index.ts';

/** Small numbers on purpose: equal emissions and equal registration blocks must be common. */
const metagraph: fc.Arbitrary<PruningInput> = fc
  .record({
    ranks: fc.array(fc.tuple(fc.bigInt(0n, 4n), fc.integer({ min: 0, max: 30 })), {
      minLength: 1,
      maxLength: 40,
    }),
    block: fc.integer({ min: 30, max: 45 }),
    immunityPeriod: fc.integer({ min: 0, max: 20 }),
    minNonImmune: fc.integer({ min: 0, max: 12 }),
    owner: fc.uniqueArray(fc.nat(39), { maxLength: 3 }),
    spare: fc.constantFrom(0, 0, 0, 2),
  })
  .map(({ ranks, owner, spare, ...rest }) => ({
    ...rest,
    neurons: ranks.map(([rank, registeredAt], uid) => ({ uid, rank, registeredAt })),
    ownerImmune: new Set(owner),
    maxUids: ranks.length + spare,
  }));

/** The rule of the documentation, written as one sorts on paper: filter, sort by three columns, take the first. */
function oracle(graph: PruningInput): number | undefined {
  const table = graph.neurons
    .filter((neuron) => !graph.ownerImmune.has(neuron.uid))
    .map((neuron) => ({ ...neuron, safe: neuron.registeredAt + graph.immunityPeriod > graph.block }));
  const exposed = table.filter((row) => !row.safe);
  const rows = exposed.length > graph.minNonImmune ? exposed : table.filter((row) => row.safe);
  rows.sort((a, b) => a.uid - b.uid);
  rows.sort((a, b) => a.registeredAt - b.registeredAt);
  rows.sort((a, b) => Number(a.rank - b.rank));
  return rows[0]?.uid;
}

/** Registrations, one after the other, by the oracle: who of today's goes when. */
function replay(graph: PruningInput): number[] {
  const neurons = graph.neurons.map((neuron) => ({ ...neuron, old: true }));
  const gone: number[] = [];
  for (let step = 0; step < 200; step++) {
    if (neurons.length < graph.maxUids) {
      neurons.push({ uid: neurons.length, rank: 0n, registeredAt: graph.block, old: false });
      continue;
    }
    const uid = oracle({ ...graph, neurons });
    const neuron = neurons.find((one) => one.uid === uid);
    if (!neuron?.old) break;
    gone.push(neuron.uid);
    Object.assign(neuron, { rank: 0n, registeredAt: graph.block, old: false });
  }
  return gone;
}

describe('pruning', () => {
  it('takes whom the rule takes', () => {
    fc.assert(
      fc.property(metagraph, (graph) => {
        expect(neuronToPrune(graph)).toBe(oracle(graph));
      }),
      {
        numRuns: 2_000,
      },
    );
  });

  it('goes on in the order in which registrations would push them out', () => {
    fc.assert(
      fc.property(metagraph, (graph) => {
        expect(pruningOrder(graph)).toEqual(replay(graph));
      }),
      {
        numRuns: 1_000,
      },
    );
  });

  it('tells the newcomer’s UID', () => {
    fc.assert(
      fc.property(metagraph, (graph) => {
        const slot = nextSlot(graph);
        if (graph.neurons.length < graph.maxUids)
          expect(slot).toEqual({ kind: 'free', uid: graph.neurons.length });
        else if (oracle(graph) === undefined) expect(slot).toEqual({ kind: 'none' });
        else expect(slot).toMatchObject({ kind: 'replaces', uid: oracle(graph) });
      }),
    );
  });

  it('counts free slots before the edge', () => {
    const graph: PruningInput = {
      neurons: [0, 1, 2].map((uid) => ({ uid, rank: BigInt(uid), registeredAt: 0 })),
      block: 100,
      immunityPeriod: 10,
      minNonImmune: 0,
      ownerImmune: new Set([0]),
      maxUids: 5,
    };
    expect(standingOf(1, graph)).toMatchObject({ place: 1, registrationsUntilOut: 3, immuneFor: 0 });
    expect(standingOf(0, graph)).toMatchObject({ place: undefined, ownerProtected: true });
  });

  it('ends immunity at the block the runtime ends it', () => {
    expect(immunityLeft(100, 100, 50)).toBe(50);
    expect(immunityLeft(100, 149, 50)).toBe(1);
    expect(immunityLeft(100, 150, 50)).toBe(0);
  });

  it('protects the owner hotkey first, then the owner’s oldest keys', () => {
    const owned = [
      { uid: 5, registeredAt: 10 },
      { uid: 3, registeredAt: 10 },
      { uid: 9, registeredAt: 2 },
    ];
    expect([...ownerImmuneUids(owned, undefined, 2)]).toEqual([9, 3]);
    expect([...ownerImmuneUids(owned, 7, 2)]).toEqual([7, 9]);
    expect([...ownerImmuneUids(owned, 3, 2)]).toEqual([9, 3]);
    expect([...ownerImmuneUids(owned, 7, 0)]).toEqual([]);
  });
});
