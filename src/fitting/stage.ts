import type { Classifier } from '../inference/index.ts';

/** A stage of a profile that runs. */
export interface FittedStage {
  readonly name: string;
  readonly classifier: Classifier;
  /** What a thousand pictures cost. */
  readonly costPer1000: number;
}
