export {
  type CheckOptions,
  type CheckReport,
  checkDataset,
  type Finding,
  isNonCommercial,
} from './check.ts';
export { requireBothClasses } from './classes.ts';
export { contactSheet } from './contact-sheet.ts';
export { writeFailed } from './disk.ts';
export { type DrawOptions, drawDataset } from './draw.ts';
export {
  type Counts,
  DATASET_FORMAT,
  type DatasetEntry,
  type DatasetManifest,
  type DatasetSource,
  type Shares,
  SPLITS,
  type Split,
} from './format.ts';
export { exportFiftyOne } from './hard/fiftyone.ts';
export {
  type HardOptions,
  hardPictures,
  type ReviewedOptions,
  reviewSource,
  writeReviewed,
} from './hard/index.ts';
export { type Candidate, openReview, type Review, type Verdict } from './hard/review.ts';
export { type ReviewServer, type ReviewServerOptions, startReviewServer } from './hard/server.ts';
export { type ImportOptions, type ImportRules, importDataset } from './import/index.ts';
export { type Dataset, type EntryFilter, openDataset } from './open.ts';
export { type PullOptions, pullDataset } from './pull/index.ts';
export type { HubAccess } from './pull/request.ts';
export { KNOWN_SOURCES, type KnownSource } from './pull/sources.ts';
export { splitByGroup } from './split.ts';
export { type DatasetSummary, summarize } from './summary.ts';
export {
  discardPlan,
  planSynthesis,
  type Synthesis,
  type SynthOptions,
  writeGenerated,
  writePlan,
} from './synth/index.ts';
export { type Judge, openJudge } from './synth/judge.ts';
export type { LeftOut } from './workshop.ts';
export {
  type NewPicture,
  requirePlace,
  type WriteDatasetOptions,
  type WriteProgress,
  type WrittenDataset,
  writeDataset,
} from './write.ts';
