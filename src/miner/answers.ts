import type { AnswerFunction, AxonEvent, VerifiedRequest } from '../axon/index.ts';
import type { FleetAnswer } from '../deploy/index.ts';
import { discard, type Prediction } from '../inference/index.ts';
import type { Metrics } from '../monitor/index.ts';
import type { ModelRef, StoreWriter } from '../store/index.ts';
import type { ChallengeEvent, NoteEvent, RefusedEvent } from './events.ts';
import { createRefusalLog } from './refusals.ts';

export interface AnswersOptions {
  /** Never rejects, and resolves before the deadline. */
  readonly predict: (image: Uint8Array, options: { readonly deadline: number }) => Promise<FleetAnswer>;
  readonly store: StoreWriter | undefined;
  readonly metrics: Metrics;
  readonly keepImages: boolean;
  /** Answered where the classifier could not be asked, in [0, 1]. */
  readonly prior: number;
  /** Latest answer after the request arrived, ms. */
  readonly answerWithinMs: number;
  /** Name of a hotkey in the wallet, by its address. */
  readonly nameOf: (miner: string) => string;
  readonly report: (event: ChallengeEvent | RefusedEvent | NoteEvent) => void;
  readonly now?: () => number;
}

/** Totals since the start. */
interface AnswerCounts {
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
}

interface Answered extends FleetAnswer {
  readonly image: Uint8Array;
}

/** What joins an axon to the model and to everything that keeps account. */
export interface Answers {
  readonly answer: AnswerFunction;
  readonly fallback: () => number;
  readonly observe: (event: AxonEvent) => void;
  counts(): AnswerCounts;
  close(): void;
}

/** Answers verified requests from the classifier; tells store, metrics and log what came of each, after the answer. */
export function createAnswers(options: AnswersOptions): Answers {
  const { predict, store, metrics, nameOf, report } = options;
  const now = options.now ?? Date.now;
  const details = new WeakMap<VerifiedRequest, Answered>();
  const refusals = createRefusalLog({ nameOf, report, now });
  const counts = { answered: 0, failed: 0, refused: 0 };

  const account = (event: Extract<AxonEvent, { type: 'answered' | 'failed' }>) => {
    const { request } = event;
    const challenge = describe(event, nameOf(event.axon), details.get(request), now());
    const { image, times } = challenge;
    const failed = event.type === 'failed';
    counts[failed ? 'failed' : 'answered'] += 1;
    metrics.answered({
      miner: event.axon,
      validator: request.hotkey,
      protocol: request.protocol,
      outcome: challenge.source ?? 'failed',
      imageBytes: image.bytes,
      width: image.width,
      height: image.height,
      stages: stagesOf(times),
    });
    store?.record({
      at: challenge.at,
      outcome: failed ? 'failed' : 'answered',
      miner: event.axon,
      validator: request.hotkey,
      protocol: request.protocol,
      route: request.route,
      prediction: challenge.prediction,
      source: challenge.source,
      reason: challenge.reason,
      sha256: image.sha256,
      imageBytes: image.bytes,
      width: image.width,
      height: image.height,
      totalMs: times.totalMs,
      queueMs: times.queueMs,
      decodeMs: times.decodeMs,
      inferMs: times.inferMs,
      model: challenge.model,
    });
    const answered = details.get(request);
    if (options.keepImages) keepImage(challenge, answered);
    // What was answered by the prior may still wait for the engine.
    else if (answered !== undefined && answered.prediction.source !== 'prior') discard(answered.image);
    report(challenge);
  };

  const keepImage = (challenge: ChallengeEvent, answered: Answered | undefined) => {
    if (answered === undefined || challenge.image.format === null) return;
    store?.keepImage({ at: challenge.at, sha256: answered.prediction.sha256, bytes: answered.image });
  };

  return {
    async answer(request, image) {
      const deadline = Math.min(request.deadline, request.receivedAt + options.answerWithinMs);
      const { prediction, model } = await predict(image, { deadline });
      details.set(request, { prediction, model, image });
      return { prediction: prediction.probability };
    },
    fallback: () => options.prior,
    observe(event) {
      if (event.type === 'answered' || event.type === 'failed') {
        if (event.type === 'answered' && event.prediction === null) return;
        account(event);
      } else if (event.type === 'refused') {
        counts.refused += 1;
        metrics.refused(event.axon, event.reason);
        store?.refused({ at: now(), miner: event.axon, reason: event.reason, count: 1 });
        refusals.add(event);
      } else if (event.type === 'crash') {
        const why = event.error instanceof Error ? event.error.message : String(event.error);
        const message = `An answer of "${nameOf(event.axon)}" failed: ${why}`;
        report({ event: 'note', at: now(), level: 'warning', message });
      }
    },
    counts: () => ({ ...counts }),
    close: () => refusals.close(),
  };
}

function describe(
  event: Extract<AxonEvent, { type: 'answered' | 'failed' }>,
  name: string,
  answer: FleetAnswer | undefined,
  at: number,
): ChallengeEvent {
  const { request, timings } = event;
  const prediction: Prediction | undefined = answer?.prediction;
  const failed = event.type === 'failed';
  const fellBack = failed ? event.reason : event.fallback;
  return {
    event: 'challenge',
    at,
    miner: event.axon,
    name,
    validator: request.hotkey,
    protocol: request.protocol,
    route: request.route,
    address: request.remoteAddress,
    prediction: failed ? null : event.prediction,
    source: failed ? null : fellBack !== null ? 'prior' : (prediction?.source ?? null),
    reason: fellBack ?? prediction?.reason ?? null,
    model: failed || answer === undefined ? null : modelOf(answer),
    image: {
      sha256: prediction?.sha256 ?? null,
      bytes: failed ? 0 : event.imageBytes,
      width: prediction?.width ?? null,
      height: prediction?.height ?? null,
      format: prediction?.format ?? null,
    },
    times: {
      verifyMs: timings.verifyMs ?? null,
      bodyMs: timings.bodyMs ?? null,
      queueMs: prediction?.timings.queueMs ?? null,
      decodeMs: prediction?.timings.decodeMs ?? null,
      inferMs: prediction?.timings.inferMs ?? null,
      totalMs: timings.totalMs,
    },
  };
}

function modelOf({ model: { name, version } }: FleetAnswer): ModelRef {
  return { name, version };
}

function stagesOf(times: ChallengeEvent['times']) {
  return {
    verify: times.verifyMs,
    body: times.bodyMs,
    queue: times.queueMs,
    decode: times.decodeMs,
    infer: times.inferMs,
    total: times.totalMs,
  };
}
