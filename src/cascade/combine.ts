import { logit, sigmoid } from './logit.ts';

/** How the answers of these stages become one: σ(bias + Σ weight · logit(p)). */
export interface Combination {
  /** Places of the stages, ascending. */
  readonly stages: readonly number[];
  /** One for each of them. */
  readonly weights: readonly number[];
  readonly bias: number;
}

/** What each stage said, in their order; undefined where a stage gave no answer. */
export type StageAnswers = readonly (number | undefined)[];

/** One probability from those of several stages. */
export type Combine = (answers: StageAnswers) => number | undefined;

/**
 * Combines by the given table. For stages that it has no entry for, the plain mean of their logits (a geometric mean of
 * the odds) is taken; where no stage answered, undefined is.
 */
export function combiner(table: readonly Combination[]): Combine {
  const known = new Map(table.map((entry) => [maskOf(entry.stages), entry]));
  return (answers) => {
    const stages = answers.flatMap((p, place) => (p === undefined ? [] : [place]));
    if (stages.length === 0) return undefined;
    const entry = known.get(maskOf(stages)) ?? plainMean(stages);
    return sigmoid(
      entry.stages.reduce(
        (sum, place, at) => sum + (entry.weights[at] ?? 0) * logit(answers[place] ?? 0.5),
        entry.bias,
      ),
    );
  };
}

/** Every stage counts alike. */
export function plainMean(stages: readonly number[]): Combination {
  return { stages, weights: stages.map(() => 1 / stages.length), bias: 0 };
}

/** All non-empty sets of `count` stages, as places in ascending order. */
export function subsets(count: number): number[][] {
  return Array.from({ length: 2 ** count - 1 }, (_, mask) =>
    Array.from({ length: count }, (_, place) => place).filter((place) => ((mask + 1) >> place) & 1),
  );
}

function maskOf(stages: readonly number[]): number {
  return stages.reduce((mask, place) => mask | (1 << place), 0);
}
