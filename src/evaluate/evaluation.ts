import type { ClassifierInfo } from '../inference/index.ts';
import type { ColourMaths, Generation, Label, Level } from '../simulate/index.ts';
import type { Comparison } from './figures/compare.ts';
import type { CalibrationBin, ThresholdPoint } from './figures/curves.ts';
import type { Figures } from './figures/measure.ts';

/** One of the models of an evaluation, and what ran it. */
export interface EvaluatedModel {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly demo: boolean;
  /** Of the model file. */
  readonly sha256: string;
  readonly variant: string;
  readonly precision: ClassifierInfo['precision'];
  readonly engine: string;
  readonly device: ClassifierInfo['device'];
  /** The model was trained, or chosen and calibrated, on these very pictures: the figures flatter it. */
  readonly met: 'training' | 'validation' | null;
}

/** What was evaluated on. */
export interface EvaluatedData {
  readonly kind: 'dataset' | 'folder';
  readonly path: string;
  readonly name: string;
  /** Of a dataset: SHA-256 of its list of pictures, and the part. */
  readonly fingerprint: string | null;
  readonly split: 'train' | 'validation' | 'test' | null;
  readonly pictures: number;
  readonly roadwork: number;
  readonly none: number;
  /** Pictures that could not be read and were left out. */
  readonly unreadable: { readonly picture: string; readonly reason: string }[];
}

/** What decided the views. */
export interface EvaluationSettings {
  readonly generations: Generation[];
  readonly levels: Level[];
  readonly views: number;
  readonly seed: number;
  readonly freeCrop: boolean;
  readonly colours: ColourMaths;
}

/** A picture that is got wrong, for people to look at: the model errs, or the label does. */
export interface WorstReport {
  readonly picture: string;
  readonly sha256: string;
  readonly label: Label;
  readonly views: number;
  readonly wrong: number;
  /** Mean |probability − label|. */
  readonly error: number;
  readonly worst: { readonly generation: Generation; readonly level: Level | null; readonly p: number };
}

/** All that an evaluation found; what --json prints. */
export interface Evaluation {
  readonly model: EvaluatedModel;
  readonly data: EvaluatedData;
  readonly settings: EvaluationSettings;
  readonly views: {
    readonly count: number;
    /** Answered by an earlier run. */
    readonly remembered: number;
    /** The engine failed: they count as "none", as they would be served. */
    readonly failed: number;
  };
  /** Over all views, each counted once. */
  readonly overall: Figures;
  readonly generations: { readonly generation: Generation; readonly figures: Figures }[];
  readonly conditions: {
    readonly generation: Generation;
    readonly level: Level | null;
    readonly figures: Figures;
  }[];
  readonly slices: {
    readonly by: 'level' | 'size' | 'source' | 'tag';
    readonly value: string;
    readonly figures: Figures;
  }[];
  readonly threshold: { readonly best: ThresholdPoint | null; readonly curve: ThresholdPoint[] };
  readonly calibration: CalibrationBin[];
  readonly worst: WorstReport[];
  readonly comparison: {
    readonly other: EvaluatedModel;
    readonly overall: Figures;
    readonly difference: Comparison;
    readonly generations: { readonly generation: Generation; readonly difference: Comparison }[];
  } | null;
  readonly seconds: number;
}
