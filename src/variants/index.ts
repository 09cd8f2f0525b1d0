export { listAside } from './aside.ts';
export { percent } from './gate.ts';
export { quantizeJob, type Recipe } from './job.ts';
export { KINDS, type KindName, METHODS, type Method } from './kinds.ts';
export { listVariants, type Row } from './list.ts';
export {
  prepareQuantize,
  type Quantized,
  type QuantizeOptions,
  type Quantizing,
  quantize,
} from './quantize.ts';
export { renderQuantized, renderRows } from './render.ts';
