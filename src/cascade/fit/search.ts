import { type Bounds, NEVER, stops } from '../bounds.ts';

/** What would have come of asking the stages one after another. */
export interface Trial {
  /** Joined probability after the first 1, 2, … stages, for each answer. */
  readonly prefixes: readonly Float64Array[];
  readonly label: Uint8Array;
  /** What each stage takes, ms, and costs for a thousand pictures. */
  readonly latencyMs: readonly number[];
  readonly costPer1000: readonly number[];
}

/** Expected reward of a share of roadwork, and of the rest, that is recognised. */
export type RewardOf = (sensitivity: number, specificity: number) => number;

/** Bounds, what they are worth and what they take, where half of the pictures have roadwork. */
export interface Policy {
  readonly bounds: Bounds[];
  readonly reward: number;
  readonly latencyMs: number;
  readonly costPer1000: number;
  /** Share of the pictures that each stage has the last word on. */
  readonly decided: number[];
}

export interface Limits {
  /** On average, ms. */
  readonly maxLatencyMs?: number;
  readonly maxCostPer1000?: number;
  /** So much reward is given away for less time and money. */
  readonly tolerance: number;
}

/** Is content with whatever a stage says. */
export const AT_ONCE: Bounds = { stopBelow: 0.5, stopAbove: 0.5 };

/** Shares of the answers on one side of 0.5 that are not sure enough. */
const SHARES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1];
/** What all of the time or money is worth in reward: from nothing to everything. */
const PRICES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
const ROUNDS = 3;

/** What these bounds would have come to. */
export function outcomeOf(trial: Trial, bounds: readonly Bounds[], rewardOf: RewardOf): Policy {
  const { prefixes, label, latencyMs, costPer1000 } = trial;
  const last = prefixes.length - 1;
  // By label: how many, how many right, and how many each stage decided.
  const count = [0, 0];
  const right = [0, 0];
  const by = [new Float64Array(last + 1), new Float64Array(last + 1)] as const;
  for (let i = 0; i < label.length; i++) {
    const truth = label[i] === 1 ? 1 : 0;
    let stage = 0;
    let p = prefixes[0]?.[i] ?? 0.5;
    while (stage < last && !stops(p, bounds[stage] ?? NEVER)) {
      stage += 1;
      p = prefixes[stage]?.[i] ?? 0.5;
    }
    count[truth] = (count[truth] ?? 0) + 1;
    if (p > 0.5 === (truth === 1)) right[truth] = (right[truth] ?? 0) + 1;
    by[truth][stage] = (by[truth][stage] ?? 0) + 1;
  }
  const rate = (truth: 0 | 1): number => (count[truth] ? (right[truth] ?? 0) / (count[truth] ?? 1) : 0);
  const decided = Array.from(
    { length: last + 1 },
    (_, stage) =>
      ((by[0][stage] ?? 0) / Math.max(1, count[0] ?? 1) + (by[1][stage] ?? 0) / Math.max(1, count[1] ?? 1)) /
      2,
  );
  const mean = (of: readonly number[]): number => {
    let [sum, asked] = [0, 1];
    for (const [stage, share] of decided.entries()) {
      sum += Math.max(0, asked) * (of[stage] ?? 0);
      asked -= share;
    }
    return sum;
  };
  return {
    bounds: [...bounds],
    reward: rewardOf(rate(1), rate(0)),
    latencyMs: mean(latencyMs),
    costPer1000: mean(costPer1000),
    decided,
  };
}

/**
 * Bounds that are worth something: none in the list is beaten by another in reward, time and cost at once. Found by
 * improving one stage's bounds after the other, for every price that time and money may have; fastest first.
 */
export function findPolicies(trial: Trial, rewardOf: RewardOf): Policy[] {
  const stages = trial.prefixes.length;
  const never = trial.prefixes.map(() => NEVER);
  const atOnce = trial.prefixes.map((_, place) => (place === stages - 1 ? NEVER : AT_ONCE));
  const known = new Map<string, Policy>();
  const evaluate = (bounds: readonly Bounds[]): Policy => {
    const key = JSON.stringify(bounds);
    const found = known.get(key) ?? outcomeOf(trial, bounds, rewardOf);
    known.set(key, found);
    return found;
  };
  const most = evaluate(never);
  const load = ({ latencyMs, costPer1000 }: Policy): number =>
    (most.latencyMs > 0 ? latencyMs / most.latencyMs : 0) +
    (most.costPer1000 > 0 ? costPer1000 / most.costPer1000 : 0);
  const grids = trial.prefixes.slice(0, -1).map(candidates);
  for (const price of PRICES) {
    const worth = (policy: Policy): number => policy.reward - price * load(policy);
    for (const start of [never, atOnce]) {
      let best = evaluate(start);
      for (let round = 0; round < ROUNDS; round++) {
        const before = best;
        for (const [place, grid] of grids.entries()) {
          for (const bounds of grid) {
            const next = evaluate(best.bounds.map((own, at) => (at === place ? bounds : own)));
            if (worth(next) > worth(best)) best = next;
          }
        }
        if (best === before) break;
      }
    }
  }
  return undominated([...known.values()]);
}

/** The cheapest of the policies within the limits that is worth almost as much as the best of them. */
export function choosePolicy(policies: readonly Policy[], limits: Limits): Policy | undefined {
  const { maxLatencyMs = Number.POSITIVE_INFINITY, maxCostPer1000 = Number.POSITIVE_INFINITY } = limits;
  const within = policies.filter(
    ({ latencyMs, costPer1000 }) => latencyMs <= maxLatencyMs && costPer1000 <= maxCostPer1000,
  );
  const most = Math.max(...within.map(({ reward }) => reward));
  return within
    .filter(({ reward }) => reward >= most - limits.tolerance)
    .sort((a, b) => a.costPer1000 - b.costPer1000 || a.latencyMs - b.latencyMs || b.reward - a.reward)[0];
}

/** Below and above which the first of `SHARES` of each side would be asked on. */
function candidates(p: Float64Array): Bounds[] {
  const sides = [[...p].filter((each) => each <= 0.5), [...p].filter((each) => each > 0.5)] as const;
  const below = sides[0].sort((a, b) => b - a);
  const above = sides[1].sort((a, b) => a - b);
  const bound = (side: readonly number[], share: number, all: number): number => {
    if (share === 0) return 0.5;
    if (share === 1) return all;
    return round(side[Math.floor(share * side.length)] ?? all);
  };
  const lows = [...new Set(SHARES.map((share) => bound(below, share, 0)))];
  const highs = [...new Set(SHARES.map((share) => bound(above, share, 1)))];
  return lows.flatMap((stopBelow) => highs.map((stopAbove) => ({ stopBelow, stopAbove })));
}

function round(p: number): number {
  return Math.round(p * 1e6) / 1e6;
}

function undominated(policies: readonly Policy[]): Policy[] {
  const sorted = [...policies].sort(
    (a, b) => a.latencyMs - b.latencyMs || a.costPer1000 - b.costPer1000 || b.reward - a.reward,
  );
  const kept: Policy[] = [];
  for (const policy of sorted) {
    const beaten = kept.some(
      ({ reward, costPer1000 }) => reward >= policy.reward && costPer1000 <= policy.costPer1000,
    );
    if (!beaten) kept.push(policy);
  }
  return kept;
}
