export {
  type Answer,
  type AnswerOptions,
  answersOf,
  answersOfAll,
  type Contestant,
  type OpenContestant,
} from './answers/answers.ts';
export { type Asked, type AskRequest, askViews, type Progress } from './ask-views.ts';
export { type Evaluated, type EvaluateRequest, evaluate } from './evaluate.ts';
export type { EvaluatedData, EvaluatedModel, Evaluation, EvaluationSettings } from './evaluation.ts';
export type { ResampleOptions } from './figures/bootstrap.ts';
export { type Comparison, compare, type Difference, type Pair } from './figures/compare.ts';
export { interpolated as interpolatedReward } from './figures/figures.ts';
export { type Figure, type Figures, measure } from './figures/measure.ts';
export { expectedReward } from './figures/reward.ts';
export type { Judged } from './figures/table.ts';
export { modelLine, progressText, renderEvaluation } from './render.ts';
export { escapeHtml } from './report/escape.ts';
export { writeAnswers, writeReport } from './report/report.ts';
export { makeJpegs } from './views/jpegs.ts';
export { drawPictures, type Picture, picturesOfDataset, picturesOfFolder } from './views/picture.ts';
export { type View, type ViewOptions, views } from './views/views.ts';
