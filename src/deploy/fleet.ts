import { hash } from 'node:crypto';
import { setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Prediction } from '../inference/index.ts';
import type { CandidateFigures, ProbeFigures } from './rules.ts';
import { type LoadedModel, type ModelIdentity, Running } from './running.ts';
import { Tally } from './tally.ts';

/**
 * What a candidate does: `canary` and `ab` answer a share of the pictures, `shadow` computes them too, but the live
 * model answers. A canary and a shadow are compared with the live model, of an `ab` only what it does itself is counted.
 */
export type Mode = 'canary' | 'shadow' | 'ab';

/** A prediction, and whose it is. */
export interface FleetAnswer {
  readonly prediction: Prediction;
  readonly model: ModelIdentity;
}

export interface Trial {
  readonly mode: Mode;
  /** Of the pictures, in (0, 1]. */
  readonly share: number;
  /** Unix time, ms. */
  readonly since: number;
  readonly model: ModelIdentity;
  readonly figures: CandidateFigures;
}

export interface FleetOptions {
  readonly live: LoadedModel;
  /** Unix time, ms. */
  readonly now?: () => number;
  /** Monotonic, ms, as deadlines are. */
  readonly clock?: () => number;
}

interface Candidate {
  readonly running: Running;
  readonly mode: Mode;
  readonly share: number;
  readonly since: number;
  readonly tally: Tally;
  /** Comparisons under way. */
  comparing: number;
}

/** A comparison is no answer that somebody waits for. */
const COMPARE_MS = 20_000;
const COMPARING_AT_ONCE = 2;
/** A candidate may use so much of the time; the rest is the live model's, should it have to step in. */
const CANDIDATE_TIME = 0.5;
/** The lowest claim to the processor that is not starvation. */
const LOW_PRIORITY = 10;

/**
 * The models of one miner: one that is live, and at most one that is being tried. Changing them loses no request: what a
 * model was given it answers, and the next picture goes to its successor.
 */
export class Fleet {
  #live: Running;
  #candidate: Candidate | undefined;
  readonly #leaving = new Set<Promise<void>>();
  readonly #now: () => number;
  readonly #clock: () => number;

  constructor({ live, now = Date.now, clock = () => performance.now() }: FleetOptions) {
    this.#live = new Running(live);
    this.#now = now;
    this.#clock = clock;
  }

  get live(): LoadedModel {
    return this.#live;
  }

  get trial(): Trial | null {
    if (this.#candidate === undefined) return null;
    const { mode, share, since, running, tally } = this.#candidate;
    return { mode, share, since, model: running.identity, figures: tally.figures() };
  }

  /** Never rejects, and resolves before the deadline (as `Classifier.predict`). */
  async predict(image: Uint8Array, { deadline }: { readonly deadline: number }): Promise<FleetAnswer> {
    const candidate = this.#candidate;
    if (candidate === undefined || !isOfShare(image, candidate.share)) return this.#askLive(image, deadline);
    if (candidate.mode === 'shadow') return this.#withShadow(candidate, image, deadline);
    return this.#withCanary(candidate, image, deadline);
  }

  /** Lets a model be tried. There must be no other candidate. */
  begin(model: LoadedModel, options: { mode: Mode; share: number; probes: ProbeFigures | null }): void {
    if (this.#candidate !== undefined) throw new Error('there is a candidate already');
    const { mode, share, probes } = options;
    const tally = new Tally();
    if (probes !== null) tally.probed(probes);
    if (mode === 'shadow') lowerPriority(model.classifier.stats().pids);
    this.#candidate = {
      running: new Running(model),
      mode,
      share,
      since: this.#now(),
      tally,
      comparing: 0,
    };
  }

  /** The candidate becomes the live model, and the live one leaves. */
  promote(): void {
    const candidate = this.#candidate;
    if (candidate === undefined) throw new Error('there is no candidate');
    this.#candidate = undefined;
    this.#replace(candidate.running);
  }

  /** Another model becomes the live one; a candidate leaves, too. */
  replaceLive(model: LoadedModel): void {
    this.drop();
    this.#replace(new Running(model));
  }

  /** The candidate leaves. */
  drop(): void {
    const candidate = this.#candidate;
    this.#candidate = undefined;
    if (candidate !== undefined) this.#retire(candidate.running);
  }

  /** Resolves when those that left have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#live.classifier.close(),
      this.#candidate?.running.classifier.close(),
      ...this.#leaving,
    ]);
  }

  /** Engine processes that were replaced have the usual priority again. */
  keepPriorities(): void {
    if (this.#candidate?.mode === 'shadow') lowerPriority(this.#candidate.running.classifier.stats().pids);
  }

  #replace(next: Running): void {
    const last = this.#live;
    this.#live = next;
    this.#retire(last);
  }

  #retire(running: Running): void {
    const left = running.retire().catch(() => undefined);
    this.#leaving.add(left);
    void left.then(() => this.#leaving.delete(left));
  }

  async #askLive(image: Uint8Array, deadline: number): Promise<FleetAnswer> {
    const live = this.#live;
    return { prediction: await live.predict(image, { deadline }), model: live.identity };
  }

  async #withShadow(candidate: Candidate, image: Uint8Array, deadline: number): Promise<FleetAnswer> {
    // Whoever has the answer may give the picture's memory back at once.
    const copy = candidate.comparing < COMPARING_AT_ONCE ? Uint8Array.from(image) : undefined;
    const answer = await this.#askLive(image, deadline);
    if (copy !== undefined) void this.#shadow(candidate, copy, answer.prediction);
    return answer;
  }

  async #shadow(candidate: Candidate, image: Uint8Array, live: Prediction): Promise<void> {
    if (this.#candidate !== candidate || candidate.comparing >= COMPARING_AT_ONCE) return;
    candidate.comparing += 1;
    const started = this.#clock();
    const own = await candidate.running.predict(image, { deadline: started + COMPARE_MS });
    candidate.comparing -= 1;
    candidate.tally.answered(succeeded(own), this.#clock() - started);
    if (isComputed(own) && isComputed(live)) candidate.tally.compared(own.probability, live.probability);
  }

  async #withCanary(candidate: Candidate, image: Uint8Array, deadline: number): Promise<FleetAnswer> {
    const copy = Uint8Array.from(image);
    const started = this.#clock();
    const prediction = await candidate.running.predict(copy, {
      deadline: started + (deadline - started) * CANDIDATE_TIME,
    });
    const ok = succeeded(prediction);
    candidate.tally.answered(ok, this.#clock() - started);
    if (!ok) return this.#askLive(image, deadline);
    if (candidate.mode === 'canary' && isComputed(prediction))
      void this.#compare(candidate, copy, prediction);
    return { prediction, model: candidate.running.identity };
  }

  async #compare(candidate: Candidate, image: Uint8Array, own: Prediction): Promise<void> {
    const live = this.#live;
    // The live model's time belongs to those who wait for it.
    if (candidate.comparing >= COMPARING_AT_ONCE || live.underWay > candidate.comparing) return;
    candidate.comparing += 1;
    const other = await live.predict(image, { deadline: this.#clock() + COMPARE_MS });
    candidate.comparing -= 1;
    if (isComputed(other)) candidate.tally.compared(own.probability, other.probability);
  }
}

/** Whether a picture is one of this share of all: decided by its hash, so always the same way. */
export function isOfShare(image: Uint8Array, share: number): boolean {
  if (share >= 1) return true;
  return Number.parseInt(hash('sha256', image).slice(0, 8), 16) / 2 ** 32 < share;
}

/** What is no picture is nobody's failure. */
function succeeded(prediction: Prediction): boolean {
  return prediction.source !== 'prior' || prediction.reason === 'undecodable';
}

function isComputed(prediction: Prediction): boolean {
  return prediction.source !== 'prior';
}

function lowerPriority(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      setPriority(pid, LOW_PRIORITY);
    } catch {
      // It is gone, or the system does not allow it: the shadow then runs as everything else.
    }
  }
}
