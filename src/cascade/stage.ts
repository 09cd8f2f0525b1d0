import type { Classifier, Prediction, PriorReason, StageStats } from '../inference/index.ts';
import { type Bounds, NEVER } from './bounds.ts';
import { Health } from './health.ts';
import { Pace } from './pace.ts';

/** One model of a cascade, and when its answer ends the search. */
export interface CascadeStage extends Partial<Bounds> {
  readonly name: string;
  readonly classifier: Classifier;
}

/** A stage went out of use, or came back. */
export type CascadeEvent =
  | { readonly kind: 'stage-down'; readonly stage: string; readonly reason: string }
  | { readonly kind: 'stage-up'; readonly stage: string };

interface StageOptions {
  readonly now: () => number;
  readonly onEvent: (event: CascadeEvent) => void;
}

/** A failure of the stage itself, not of the picture or of what it was asked for. */
const ITS_FAULT: ReadonlySet<PriorReason> = new Set([
  'engine-failed',
  'engine-unavailable',
  'over-budget',
  'closed',
]);
/** A stage that had this much time, ms, or several times what it usually takes, and gave no answer, hangs. */
const LONG_MS = 1_000;
const SEVERAL = 3;
/** A trial is no answer that somebody waits for. */
const TRIAL_MS = 20_000;

/** A stage at work: what it is asked, how long it takes, whether it can be relied on. */
export class Stage {
  readonly name: string;
  readonly classifier: Classifier;
  readonly bounds: Bounds;
  readonly #pace: Pace;
  readonly #health = new Health();
  readonly #options: StageOptions;
  #asked = 0;
  #answered = 0;
  #failed = 0;
  #passed = 0;
  #decided = 0;

  constructor(
    { name, classifier, stopBelow = NEVER.stopBelow, stopAbove = NEVER.stopAbove }: CascadeStage,
    options: StageOptions,
  ) {
    this.name = name;
    this.classifier = classifier;
    this.bounds = { stopBelow, stopAbove };
    this.#pace = new Pace(classifier.info.inferMs);
    this.#options = options;
  }

  get up(): boolean {
    return this.#health.up;
  }

  /** Nine of ten of its answers are there within this time, ms. */
  get usualMs(): number {
    return this.#pace.ms;
  }

  /** Its answer, or its reason for having none, before `limit`. Never rejects. */
  async ask(image: Uint8Array, limit: number): Promise<Prediction | NoAnswer> {
    const { now } = this.#options;
    const started = now();
    this.#asked += 1;
    const found = await answerOf(this.classifier, image, limit, limit - started);
    const took = now() - started;
    if (isAnswer(found)) {
      this.#answered += 1;
      if (found.source !== 'cache') this.#pace.took(took);
      if (this.#health.answered()) this.#tell({ kind: 'stage-up', stage: this.name });
      return found;
    }
    const { reason, detail = reason } = found;
    if (reason === 'undecodable' || reason === 'overloaded') return found;
    this.#failed += 1;
    const hung = reason === 'deadline' && took >= Math.max(LONG_MS, SEVERAL * this.#pace.ms);
    if (reason === 'deadline' && !hung) this.#pace.took(Math.max(took, this.#pace.ms));
    if ((hung || ITS_FAULT.has(reason)) && this.#health.failed(now()))
      this.#tell({ kind: 'stage-down', stage: this.name, reason: detail });
    return found;
  }

  /** There was an answer already, and no time for this stage to better it. */
  pass(): void {
    this.#passed += 1;
    this.#pace.passed();
  }

  /** Its answer ended the search. */
  decide(): void {
    this.#decided += 1;
  }

  /** Finds out in the background if a stage that is down is back. Nobody waits for this. */
  tryAgain(image: Uint8Array): void {
    const { now } = this.#options;
    if (!this.#health.mayTry(now())) return;
    void this.#trial(Uint8Array.from(image));
  }

  stats(): StageStats {
    const { name, up } = this;
    return {
      name,
      up,
      asked: this.#asked,
      answered: this.#answered,
      failed: this.#failed,
      passed: this.#passed,
      decided: this.#decided,
      usualMs: this.usualMs,
    };
  }

  async #trial(image: Uint8Array): Promise<void> {
    const { now } = this.#options;
    const started = now();
    const found = await answerOf(this.classifier, image, started + TRIAL_MS, TRIAL_MS);
    if (isAnswer(found) || found.reason === 'undecodable') {
      this.#pace.restart(now() - started);
      if (this.#health.answered()) this.#tell({ kind: 'stage-up', stage: this.name });
    } else this.#health.failed(now());
  }

  #tell(event: CascadeEvent): void {
    this.#options.onEvent(event);
  }
}

/** Why a stage gave no answer. */
export interface NoAnswer {
  readonly source: 'prior';
  readonly reason: PriorReason;
  readonly detail?: string;
}

export function isAnswer(found: Prediction | NoAnswer): found is Prediction {
  return found.source !== 'prior';
}

/** A classifier keeps its word and its time; should one not, the others' answers must not suffer. */
async function answerOf(
  classifier: Classifier,
  image: Uint8Array,
  deadline: number,
  leftMs: number,
): Promise<Prediction | NoAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<NoAnswer>((resolve) => {
    timer = setTimeout(
      () => resolve(noAnswer('deadline', 'the stage did not answer in time')),
      Math.max(0, leftMs),
    );
  });
  try {
    const found = await Promise.race([classifier.predict(image, { deadline }), late]);
    if (found.source !== 'prior') {
      const { probability: p } = found;
      return p >= 0 && p <= 1
        ? found
        : noAnswer('engine-failed', 'the stage said something that is no probability');
    }
    return noAnswer(found.reason ?? 'engine-failed', found.detail);
  } catch (error) {
    return noAnswer('engine-failed', error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer(reason: PriorReason, detail?: string): NoAnswer {
  return { source: 'prior', reason, ...(detail !== undefined && { detail }) };
}
