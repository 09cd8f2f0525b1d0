export type { ImagesOptions } from './images.ts';
export { renderAnswer, renderSummary } from './render.ts';
export type { ScoredAnswer, TargetReport, TargetSummary } from './report.ts';
export { type ChallengeRun, runChallenges } from './run.ts';
export { type ChallengeTarget, resolveTargets, type TargetsOptions } from './targets.ts';
