export { requireBothClasses } from './classes.ts';
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
export { type ImportOptions, type ImportRules, importDataset } from './import/index.ts';
export { type Dataset, type EntryFilter, openDataset } from './open.ts';
export { splitByGroup } from './split.ts';
export type { LeftOut } from './workshop.ts';
export {
  type NewPicture,
  type WriteDatasetOptions,
  type WriteProgress,
  type WrittenDataset,
  writeDataset,
} from './write.ts';
