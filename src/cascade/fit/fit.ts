import { type Combination, subsets } from '../combine.ts';
import { sigmoid } from '../logit.ts';
import { balancedWeights, clusterCount, foldsOf, type Grouped } from './folds.ts';
import { type Answered, fitStack, logLoss } from './stack.ts';

/** What all stages said to labelled pictures. */
export interface StageOutputs extends Grouped {
  /** Logit of each stage, stage by stage. */
  readonly z: readonly Float64Array[];
}

/** How answers are joined, and what that would have said. */
export interface FittedWeights {
  /** For every set of stages that may have answered. */
  readonly combinations: readonly Combination[];
  /** Strength of the pull towards the plain mean, chosen by cross-validation; in independent answers. */
  readonly ridge: number;
  /**
   * Probability after the first 1, 2, … stages, each said by weights that were fitted without the picture: what can be
   * expected of other pictures.
   */
  readonly prefixes: readonly Float64Array[];
}

/** Independent clusters of each label that a fit needs at the least. */
export const LEAST_CLUSTERS = 10;
const FOLDS = 5;
const RIDGES = [0.01, 0.1, 1, 10, 100];

/** Fits the weights of all combinations. Pure: the same for the same outputs. */
export function fitWeights(outputs: StageOutputs): FittedWeights {
  const { z, label } = outputs;
  const all = { z, label, weight: balancedWeights(outputs) };
  const everything = z.map((_, place) => place);
  const folds = foldsOf(outputs, Math.min(FOLDS, Math.floor(clusterCount(outputs) / 2)));
  const count = Math.max(...folds) + 1;
  const parts = Array.from({ length: count }, (_, fold) => ({
    rest: pick(all, (i) => folds[i] !== fold),
    own: pick(all, (i) => folds[i] === fold),
  }));
  const lossOf = (ridge: number): number =>
    parts.reduce((sum, { rest, own }) => sum + logLoss(own, fitStack(rest, everything, ridge)), 0);
  const ridge =
    RIDGES.map((each) => ({ each, loss: lossOf(each) })).sort((a, b) => a.loss - b.loss)[0]?.each ?? 1;
  const prefixes = everything.map((last) => {
    const stages = everything.slice(0, last + 1);
    const fitted = parts.map(({ rest }) => fitStack(rest, stages, ridge));
    return Float64Array.from(label, (_, i) => sigmoid(logitOf(z, fitted[folds[i] ?? 0], i)));
  });
  return { combinations: subsets(z.length).map((stages) => fitStack(all, stages, ridge)), ridge, prefixes };
}

function logitOf(z: readonly Float64Array[], combination: Combination | undefined, i: number): number {
  if (combination === undefined) return 0;
  const { stages, weights, bias } = combination;
  return stages.reduce((sum, place, at) => sum + (weights[at] ?? 0) * (z[place]?.[i] ?? 0), bias);
}

function pick({ z, label, weight }: Answered, wanted: (i: number) => boolean): Answered {
  const places = [...label.keys()].filter(wanted);
  return {
    z: z.map((column) => Float64Array.from(places, (i) => column[i] ?? 0)),
    label: Uint8Array.from(places, (i) => label[i] ?? 0),
    weight: Float64Array.from(places, (i) => weight[i] ?? 0),
  };
}
