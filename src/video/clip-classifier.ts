import { hash } from 'node:crypto';
import type { Classifier, Prediction, PredictOptions, PriorReason } from '../inference/index.ts';
import { clipProbability } from './aggregate.ts';
import { isClip } from './container.ts';
import { type FrameOptions, framesOf } from './frames.ts';

export interface ClipOptions extends Pick<FrameOptions, 'frames' | 'ffmpeg'> {
  /** Answered where a clip cannot be read, in [0, 1]. */
  readonly prior: number;
  /** Clips that are read at the same time. Default 2. */
  readonly concurrency?: number;
  /** For requests without a deadline, ms. Default 9000. */
  readonly defaultTimeoutMs?: number;
}

/** Of the time that is left, so much may go into reading the clip. */
const READING = 0.5;
/** What putting the frames' answers together may take, ms. */
const MARGIN_MS = 20;

/**
 * Answers clips, too: their frames are shown to the classifier (with a cascade: a further stage sees only the doubtful
 * ones), and the answers put together. Pictures go to the classifier as they are. The classifier becomes its own.
 */
export function clipClassifier(base: Classifier, options: ClipOptions): Classifier {
  const { concurrency = 2, defaultTimeoutMs = 9_000, prior } = options;
  let reading = 0;

  async function answerClip(clip: Uint8Array, deadline: number): Promise<Prediction> {
    const sha256 = hash('sha256', clip);
    const nothing = (reason: PriorReason, detail: string): Prediction => ({
      ...NOTHING,
      probability: prior,
      reason,
      detail,
      sha256,
    });
    if (reading >= concurrency) return nothing('overloaded', 'too many clips are being read');
    reading += 1;
    const started = performance.now();
    let frames: Buffer[];
    try {
      const withinMs = (deadline - started) * READING;
      if (withinMs <= 0) return nothing('deadline', 'there was no time left on arrival');
      frames = await framesOf(clip, { ...options, withinMs });
    } catch (error) {
      return nothing('undecodable', error instanceof Error ? error.message : String(error));
    } finally {
      reading -= 1;
    }
    const decodeMs = performance.now() - started;
    const answers = await Promise.all(
      frames.map((frame) => base.predict(frame, { deadline: deadline - MARGIN_MS })),
    );
    const said = answers.filter(({ source }) => source !== 'prior');
    const [first] = said;
    if (first === undefined) {
      const { reason = 'engine-failed', detail = 'no frame was answered' } = answers[0] ?? {};
      return nothing(reason, detail);
    }
    const most = (of: 'queueMs' | 'inferMs') => Math.max(...said.map(({ timings }) => timings[of]));
    return {
      ...first,
      probability: clipProbability(said.map(({ probability }) => probability)),
      source: 'model',
      sha256,
      // It is no picture that could be kept for training.
      format: null,
      timings: { queueMs: most('queueMs'), decodeMs, inferMs: most('inferMs') },
    };
  }

  return {
    info: base.info,
    predict: (bytes: Uint8Array, given: PredictOptions = {}) =>
      isClip(bytes)
        ? answerClip(bytes, given.deadline ?? performance.now() + defaultTimeoutMs)
        : base.predict(bytes, given),
    stats: () => base.stats(),
    close: () => base.close(),
  };
}

const NOTHING = {
  source: 'prior',
  width: null,
  height: null,
  format: null,
  timings: { queueMs: 0, decodeMs: 0, inferMs: 0 },
} as const;
