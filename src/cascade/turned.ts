import {
  type Classifier,
  type ClassifierInfo,
  type ClassifierStats,
  NO_PRIORS,
  type OtherView,
  type Prediction,
  type PredictOptions,
} from '../inference/index.ts';
import { logit, sigmoid } from './logit.ts';
import { sumOfStats } from './stats.ts';

/** What a picture is also shown as: its mirror image; or that and two crops of nine tenths. */
export type Turning = 'flip' | 'crops';

const VIEWS: Readonly<Record<Turning, readonly OtherView[]>> = {
  flip: ['mirror'],
  crops: ['mirror', 'left', 'right'],
};

/**
 * Test-time augmentation: asks a classifier about other views of the picture, and says the mean of the logits. Meant as
 * a stage after the one that answers the picture itself. The classifier stays the caller's: it is counted and closed by
 * the stage it belongs to.
 */
export function turnedClassifier(base: Classifier, turning: Turning): Classifier {
  return new TurnedClassifier(base, VIEWS[turning]);
}

class TurnedClassifier implements Classifier {
  readonly info: ClassifierInfo;
  readonly #base: Classifier;
  readonly #views: readonly OtherView[];

  constructor(base: Classifier, views: readonly OtherView[]) {
    this.#base = base;
    this.#views = views;
    // Each view is decoded, made and computed.
    this.info = { ...base.info, inferMs: base.info.inferMs * views.length };
  }

  async predict(image: Uint8Array, options: PredictOptions = {}): Promise<Prediction> {
    const all = await Promise.all(this.#views.map((view) => this.#base.predict(image, { ...options, view })));
    const [first] = all;
    if (first === undefined) throw new Error('there are no views');
    const failed = all.find(({ source }) => source === 'prior');
    if (failed !== undefined) return failed;
    const mean = all.reduce((sum, { probability }) => sum + logit(probability), 0) / all.length;
    const most = (of: keyof Prediction['timings']) => Math.max(...all.map(({ timings }) => timings[of]));
    return {
      ...first,
      probability: sigmoid(mean),
      timings: { queueMs: most('queueMs'), decodeMs: most('decodeMs'), inferMs: most('inferMs') },
    };
  }

  stats(): ClassifierStats {
    return NOTHING_DONE;
  }

  async close(): Promise<void> {}
}

const NOTHING_DONE: ClassifierStats = { ...sumOfStats([]), priors: NO_PRIORS };
