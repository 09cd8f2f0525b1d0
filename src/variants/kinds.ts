import type { Precision } from '../bundle/index.ts';

/** A form of a classifier that `quantize` makes from its graph. */
export interface Kind {
  readonly precision: Precision;
  /** Needs pictures to see what ranges activations have. */
  readonly calibrated: boolean;
  /** For people. */
  readonly what: string;
}

/** What `--to` takes for classifiers; also what the variants are called. */
export const KINDS = {
  'int8-dynamic': {
    precision: 'int8',
    calibrated: false,
    what: 'bytes as weights of matrix products: for transformers on the CPU',
  },
  'int8-static': {
    precision: 'int8',
    calibrated: true,
    what: 'bytes as weights and activations, ranges from pictures: for convolutions on the CPU',
  },
  fp16: { precision: 'fp16', calibrated: false, what: 'half precision, made in the graph: for GPUs' },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

/** How activations' ranges are taken from what is seen on the pictures. */
export const METHODS = ['percentile', 'minmax', 'entropy'] as const;
export type Method = (typeof METHODS)[number];
