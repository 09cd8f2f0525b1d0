export { listAside } from './aside.ts';
export { asItEnded } from './ended.ts';
export {
  type BuiltEngine,
  type EngineChoice,
  type EngineOptions,
  prepareEngine,
  wantedEngine,
} from './engine/build.ts';
export { type CachedEngine, findEngine, listEngines } from './engine/cache.ts';
export { rebuildCommand, servingCommands } from './engine/commands.ts';
export { DEFAULT_PROFILE, SERVING_IMAGE } from './engine/job.ts';
export type { Profile } from './engine/key.ts';
export { renderEngine } from './engine/render.ts';
export { type ExportOptions, prepareExport } from './export.ts';
export { percent } from './gate.ts';
export { quantizeJob, type Recipe } from './job.ts';
export { KINDS, type KindName, METHODS, type Method } from './kinds.ts';
export { listVariants, type Row } from './list.ts';
export type { GateOptions } from './options.ts';
export {
  prepareQuantize,
  type Quantized,
  type QuantizeOptions,
  type Quantizing,
  quantize,
} from './quantize.ts';
export { renderQuantized, renderRows } from './render.ts';
export { prepareVlm, VLM_KINDS, type VlmKind, type VlmQuantized } from './vlm.ts';
