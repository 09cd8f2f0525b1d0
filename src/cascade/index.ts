export { type Bounds, NEVER, stops } from './bounds.ts';
export { type CascadeOptions, createCascade } from './cascade.ts';
export {
  type Combination,
  type Combine,
  combiner,
  plainMean,
  type StageAnswers,
  subsets,
} from './combine.ts';
export {
  type CascadeFile,
  type CascadeFit,
  cascadeText,
  type PolicyFigures,
  parseCascade,
  type RunningStage,
  readCascade,
  rulesFor,
  withFit,
} from './file.ts';
export { type FittedWeights, fitWeights, LEAST_CLUSTERS, type StageOutputs } from './fit/fit.ts';
export {
  AT_ONCE,
  choosePolicy,
  findPolicies,
  type Limits,
  outcomeOf,
  type Policy,
  type RewardOf,
  type Trial,
} from './fit/search.ts';
export { logit, sigmoid } from './logit.ts';
export type { CascadeEvent, CascadeStage } from './stage.ts';
export { sumOfStats } from './stats.ts';
export { type Turning, turnedClassifier } from './turned.ts';
