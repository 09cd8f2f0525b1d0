import { hash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import {
  type Classifier,
  type ClassifierInfo,
  type ClassifierStats,
  discard,
  NO_PRIORS,
  type Prediction,
  type PredictOptions,
  type PriorReason,
} from '../inference/index.ts';
import { stops } from './bounds.ts';
import { type Combination, type Combine, combiner } from './combine.ts';
import { type CascadeEvent, type CascadeStage, isAnswer, type NoAnswer, Stage } from './stage.ts';
import { sumOfStats } from './stats.ts';

export interface CascadeOptions {
  /** In the order in which they are asked; at least one. */
  readonly stages: readonly CascadeStage[];
  /** How their answers become one. Default: the plain mean of the logits of those that answered. */
  readonly combinations?: readonly Combination[];
  /** Answered where no stage can, in [0, 1]. Default 0.5. */
  readonly prior?: number;
  /** For requests without a deadline, ms. Default 9000. */
  readonly defaultTimeoutMs?: number;
  readonly onEvent?: (event: CascadeEvent) => void;
  /** Monotonic clock, ms. Default `performance.now`. */
  readonly now?: () => number;
}

/** Answers are ready this long before the caller's deadline, ms: they still have to be sent. */
const MARGIN_MS = 20;
/** While there is no answer yet, each later stage is left so many times what it usually takes, and this long, ms. */
const RESERVE = 1.5;
const RESERVE_MS = 20;

/**
 * Several models that answer as one: asked in their order until one is sure or the time is up. As soon as one has
 * answered there is an answer, which the others can only better: a stage that is slow, hangs or is gone costs at most
 * what it would have known. The classifiers belong to the cascade and are closed with it.
 */
export function createCascade(options: CascadeOptions): Classifier {
  return new Cascade(options);
}

class Cascade implements Classifier {
  readonly info: ClassifierInfo;
  readonly #stages: readonly Stage[];
  readonly #combine: Combine;
  readonly #prior: number;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #priors: Partial<Record<PriorReason, number>> = {};
  #closed = false;

  constructor(options: CascadeOptions) {
    const { stages, onEvent = () => {}, now = () => performance.now() } = options;
    const [first] = stages;
    if (first === undefined) throw new Error('a cascade needs a stage');
    this.#now = now;
    this.#prior = options.prior ?? 0.5;
    this.#timeoutMs = options.defaultTimeoutMs ?? 9_000;
    this.#combine = combiner(options.combinations ?? []);
    this.#stages = stages.map((stage) => new Stage(stage, { now, onEvent }));
    this.info = {
      ...first.classifier.info,
      engine: stages.map(({ name, classifier }) => `${name}: ${classifier.info.engine}`).join(', '),
    };
  }

  async predict(image: Uint8Array, options: PredictOptions = {}): Promise<Prediction> {
    const end = (options.deadline ?? this.#now() + this.#timeoutMs) - MARGIN_MS;
    const said: (number | undefined)[] = this.#stages.map(() => undefined);
    const answers: Prediction[] = [];
    let last: Stage | undefined;
    let refusal: NoAnswer = this.#closed
      ? { source: 'prior', reason: 'closed', detail: 'the classifier is closed' }
      : { source: 'prior', reason: 'deadline', detail: 'there was no time left on arrival' };
    for (const [place, stage] of this.#stages.entries()) {
      const left = end - this.#now();
      if (this.#closed || left <= 0) break;
      if (!stage.up) stage.tryAgain(image);
      if (!stage.up && (answers.length > 0 || this.#laterIsUp(place))) continue;
      if (answers.length > 0 && left < stage.usualMs) {
        stage.pass();
        continue;
      }
      // Once there is an answer, whoever asked may give the picture's memory back while a stage still reads it.
      const copy = Uint8Array.from(image);
      const found = await stage.ask(copy, answers.length > 0 ? end : this.#limit(place, stage, end, left));
      if (!isAnswer(found)) {
        refusal = found;
        if (found.reason === 'undecodable' && answers.length === 0) break;
        continue;
      }
      discard(copy);
      answers.push(found);
      said[place] = found.probability;
      last = stage;
      if (stops(this.#combine(said) ?? this.#prior, stage.bounds)) break;
    }
    last?.decide();
    const probability = this.#combine(said);
    if (probability === undefined) return this.#answerPrior(image, refusal);
    return joined(probability, answers);
  }

  stats(): ClassifierStats {
    const all = [...new Set(this.#stages.map(({ classifier }) => classifier))];
    return {
      ...sumOfStats(all.map((classifier) => classifier.stats())),
      priors: { ...NO_PRIORS, ...this.#priors },
      stages: this.#stages.map((stage) => stage.stats()),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const all = new Set(this.#stages.map(({ classifier }) => classifier));
    await Promise.all([...all].map((classifier) => classifier.close()));
  }

  #laterIsUp(place: number): boolean {
    return this.#stages.slice(place + 1).some(({ up }) => up);
  }

  /** Until when a stage is waited for while there is no answer: those after it must have their usual time, too. */
  #limit(place: number, stage: Stage, end: number, left: number): number {
    const needed = ({ usualMs }: Stage) => usualMs * RESERVE + MARGIN_MS + RESERVE_MS;
    const later = this.#stages.slice(place + 1).filter(({ up }) => up);
    const own = Math.min(left / 2, needed(stage));
    const forLater = later.reduce((sum, each) => sum + needed(each), 0);
    return end - left + (later.length === 0 ? left : Math.max(own, left - forLater));
  }

  #answerPrior(image: Uint8Array, { reason, detail }: NoAnswer): Prediction {
    this.#priors[reason] = (this.#priors[reason] ?? 0) + 1;
    return {
      probability: this.#prior,
      source: 'prior',
      reason,
      ...(detail !== undefined && { detail }),
      sha256: hash('sha256', image),
      width: null,
      height: null,
      format: null,
      timings: { queueMs: 0, decodeMs: 0, inferMs: 0 },
    };
  }
}

/** The answer of several stages: as fresh as the freshest, as long as all of them. */
function joined(probability: number, answers: readonly Prediction[]): Prediction {
  const [first] = answers;
  if (first === undefined) throw new Error('no stage answered');
  const sources = new Set(answers.map(({ source }) => source));
  const sum = (of: keyof Prediction['timings']) =>
    answers.reduce((total, { timings }) => total + timings[of], 0);
  return {
    ...first,
    probability,
    source: sources.has('model') ? 'model' : sources.has('shared') ? 'shared' : 'cache',
    timings: { queueMs: sum('queueMs'), decodeMs: sum('decodeMs'), inferMs: sum('inferMs') },
  };
}
