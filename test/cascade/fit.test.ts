import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitStack } from '../../src/cascade/fit/stack.ts';
import {
  AT_ONCE,
  choosePolicy,
  findPolicies,
  fitWeights,
  NEVER,
  outcomeOf,
  type StageOutputs,
} from '../../src/cascade/index.ts';
import { createRandom } from '../../src/simulate/index.ts';

/** Logits of stages, and labels drawn from σ(bias + Σ w·z), so that the weights are known. */
function drawn(weights: readonly number[], bias: number, count: number, seed: number): StageOutputs {
  const random = createRandom(seed, 'stages');
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const z = weights.map(() => new Float64Array(count));
  const label = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    let sum = bias;
    for (const [k, weight] of weights.entries()) {
      const value = normal() * 2;
      (z[k] as Float64Array)[i] = value;
      sum += weight * value;
    }
    label[i] = random.next() < 1 / (1 + Math.exp(-sum)) ? 1 : 0;
  }
  return { z, label, cluster: Array.from(label, (_, i) => String(i)) };
}

const everything = (outputs: StageOutputs) => fitWeights(outputs).combinations.at(-1);

describe('weights', () => {
  test('that made the labels are found again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.3, max: 1.5, noNaN: true }), { minLength: 1, maxLength: 3 }),
        fc.nat(1_000),
        (weights, seed) => {
          const found = everything(drawn(weights, 0, 2_500, seed));
          for (const [k, weight] of weights.entries()) expect(found?.weights[k]).toBeCloseTo(weight, 0.3);
          expect(Math.abs(found?.bias ?? 9)).toBeLessThan(0.25);
        },
      ),
      { numRuns: 4 },
    );
  });

  test('of a stage that knows nothing, or speaks against the truth, are next to nothing', () => {
    const [useless, against] = [drawn([1, 0], 0, 2_000, 3), drawn([1, -0.7], 0, 2_000, 4)];
    expect(everything(useless)?.weights[1]).toBeLessThan(0.2);
    const weighed = { ...against, weight: new Float64Array(against.label.length).fill(1) };
    const [alone, wrong, both] = [[0], [1], [0, 1]].map((stages) => fitStack(weighed, stages, 0.01));
    expect([wrong?.weights[0], both?.weights[1]]).toEqual([0, 0]);
    // The other is weighed as if it were alone, and nothing at all is said where there is no other.
    expect(both?.weights[0]).toBeCloseTo(alone?.weights[0] ?? 0, 3);
    const share = against.label.reduce((sum, each) => sum + each, 0) / against.label.length;
    expect(wrong?.bias).toBeCloseTo(Math.log(share / (1 - share)), 3);
  });

  test('are finite and not negative whatever the stages say, labels that can be told apart included', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: -10, max: 10, noNaN: true }),
            fc.double({ min: -10, max: 10, noNaN: true }),
          ),
          { minLength: 12, maxLength: 60 },
        ),
        fc.boolean(),
        (rows, apart) => {
          const label = Uint8Array.from(rows, ([a], i) => (apart ? Number(a > 0) : i % 2));
          label[0] = 0;
          label[1] = 1;
          const { combinations, prefixes } = fitWeights({
            z: [0, 1].map((k) => Float64Array.from(rows, (row) => row[k] ?? 0)),
            label,
            cluster: rows.map((_, i) => String(i)),
          });
          expect(combinations.map(({ stages }) => stages)).toEqual([[0], [1], [0, 1]]);
          for (const { weights, bias } of combinations) {
            expect(Number.isFinite(bias)).toBe(true);
            for (const weight of weights) expect(weight >= 0 && Number.isFinite(weight)).toBe(true);
          }
          for (const column of prefixes) for (const p of column) expect(p >= 0 && p <= 1).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of a picture are not fitted on its own views', () => {
    // Every picture has its own label and nothing that tells it: only leaking views could do better than chance.
    const random = createRandom(5, 'views');
    const pictures = 60;
    const views = 6;
    const z = new Float64Array(pictures * views);
    const label = new Uint8Array(z.length);
    const cluster: string[] = [];
    for (let i = 0; i < pictures; i++) {
      for (let k = 0; k < views; k++) {
        z[i * views + k] = random.next() * 2 - 1;
        label[i * views + k] = i % 2;
        cluster.push(`picture ${i}`);
      }
    }
    const [p] = fitWeights({ z: [z], label, cluster }).prefixes;
    const right = [...(p ?? [])].filter((each, i) => each > 0.5 === (label[i] === 1)).length / z.length;
    expect(Math.abs(right - 0.5)).toBeLessThan(0.15);
  });

  test('count both labels alike, however rare one is', () => {
    const whole = drawn([1], 0, 4_000, 9);
    const kept = [...whole.label.keys()].filter((i) => whole.label[i] === 0 || i % 8 === 0);
    const few = everything({
      z: whole.z.map((column) => Float64Array.from(kept, (i) => column[i] ?? 0)),
      label: Uint8Array.from(kept, (i) => whole.label[i] ?? 0),
      cluster: kept.map(String),
    });
    expect(Math.abs(few?.bias ?? 9)).toBeLessThan(0.4);
  });
});

describe('bounds', () => {
  const reward = (a: number, b: number) => ((a + b) / 2) ** 3;
  const unit = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  const trials = fc
    .array(fc.tuple(unit, unit, unit, fc.constantFrom(0, 1)), { minLength: 10, maxLength: 60 })
    .map((rows) => ({
      prefixes: [0, 1, 2].map((k) => Float64Array.from(rows, (row) => row[k] ?? 0)),
      label: Uint8Array.from(rows, (row, i) => (i < 2 ? i : row[3])),
      latencyMs: [1, 10, 100],
      costPer1000: [0, 0, 2],
    }));

  test('give what they say: nothing better can be had for less', () => {
    fc.assert(
      fc.property(trials, (trial) => {
        const policies = findPolicies(trial, reward);
        for (const policy of policies) {
          expect(outcomeOf(trial, policy.bounds, reward)).toEqual(policy);
          for (const other of policies.filter((each) => each !== policy)) {
            const beats =
              other.reward >= policy.reward &&
              other.latencyMs <= policy.latencyMs &&
              other.costPer1000 <= policy.costPer1000;
            expect(beats).toBe(false);
          }
        }
        const most = Math.max(...policies.map((policy) => policy.reward));
        expect(most).toBeGreaterThanOrEqual(outcomeOf(trial, [NEVER, NEVER, NEVER], reward).reward);
        expect(most).toBeGreaterThanOrEqual(outcomeOf(trial, [AT_ONCE, NEVER, NEVER], reward).reward);
      }),
      { numRuns: 15 },
    );
  });

  test('that are chosen keep the limits, and give no more away than allowed', () => {
    fc.assert(
      fc.property(
        trials,
        fc.double({ min: 1, max: 111, noNaN: true }),
        unit,
        (trial, maxLatencyMs, tolerance) => {
          const policies = findPolicies(trial, reward);
          const chosen = choosePolicy(policies, { maxLatencyMs, tolerance });
          const within = policies.filter(({ latencyMs }) => latencyMs <= maxLatencyMs);
          expect(chosen).toBeDefined();
          expect(chosen?.latencyMs).toBeLessThanOrEqual(maxLatencyMs);
          expect(chosen?.reward).toBeGreaterThanOrEqual(
            Math.max(...within.map((policy) => policy.reward)) - tolerance,
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  test('ask the second stage about the doubtful alone, where that is all it takes', () => {
    // The first is always right when it is sure, and a coin in between; the second is always right.
    const first = [0.02, 0.03, 0.04, 0.05, 0.96, 0.97, 0.98, 0.99, 0.45, 0.46, 0.55, 0.56];
    const label = Uint8Array.from([0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0]);
    const trial = {
      prefixes: [Float64Array.from(first), Float64Array.from(label, (each) => (each === 1 ? 0.9 : 0.1))],
      label,
      latencyMs: [1, 100],
      costPer1000: [0, 0],
    };
    const chosen = choosePolicy(findPolicies(trial, reward), { tolerance: 0 });
    expect(chosen?.reward).toBe(1);
    expect(chosen?.decided[1]).toBeCloseTo(1 / 3, 9);
    expect(chosen?.latencyMs).toBeCloseTo(1 + 100 / 3, 9);
    expect(choosePolicy(findPolicies(trial, reward), { maxLatencyMs: 5, tolerance: 0 })?.decided).toEqual([
      1, 0,
    ]);
    expect(choosePolicy(findPolicies(trial, reward), { maxLatencyMs: 0.5, tolerance: 0 })).toBeUndefined();
  });
});
