export {
  type BundleModel,
  baseModel,
  chooseModel,
  type ModelChoice,
  type ModelWish,
  modelsOf,
} from './choose.ts';
export { ourInterface } from './convention.ts';
export { describeManifest, fileLine } from './describe.ts';
export { digestFile } from './digest.ts';
export { type FileReport, inspectBundle, loadBundle, type VerifiedBundle } from './load.ts';
export {
  BUNDLE_FORMAT,
  type BundleFile,
  type BundleInput,
  type BundleOutput,
  type Calibration,
  MANIFEST_NAME,
  type Manifest,
  type ManifestInput,
  manifestSchema,
  type Precision,
  type ResizeRule,
} from './manifest.ts';
export { parseManifest } from './parse.ts';
export { type AddedFile, type Revision, reviseBundle } from './revise.ts';
export {
  type Gate,
  gateSchema,
  type Latency,
  latencySchema,
  type Variant,
  variantSchema,
} from './variant.ts';
export { type NewBundleFile, type WriteBundleOptions, writeBundle } from './write.ts';
