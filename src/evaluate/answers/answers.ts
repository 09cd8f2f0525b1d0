import { hash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Precision, VerifiedBundle } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import {
  type Classifier,
  type ClassifierInfo,
  createClassifier,
  type Device,
} from '../../inference/index.ts';
import { UnreadablePicture, ViewMakers } from '../views/makers.ts';
import type { Picture } from '../views/picture.ts';
import type { View } from '../views/views.ts';
import { Channel } from './channel.ts';
import { type Memory, noMemory, openMemory } from './memory.ts';

/** A bundle and which of its models; without a wish what `serve` would take. */
export interface Contestant {
  readonly bundle: VerifiedBundle;
  readonly variant?: string;
  readonly precision?: Precision | 'auto';
}

/** Something that answers already, whoever made it. */
export interface OpenContestant {
  /** Closed when all views are answered. */
  readonly classifier: Classifier;
  /** The same for what gives the same answers: under this they are remembered. */
  readonly identity: string;
}

/** What a model said to a view. */
export interface Answer {
  readonly view: View;
  /** Probability of roadwork; where the engine failed the prior 0.5, as it would be served. */
  readonly p: number;
  /** Why there was only the prior; null where the model answered. */
  readonly failed: string | null;
  /** It was not computed now. */
  readonly remembered: boolean;
  /** Size of the picture that the view was made of, pixels. */
  readonly width: number;
  readonly height: number;
}

export interface AnswerOptions {
  readonly device?: Device | 'auto';
  /** Engine processes of each model. Default 1. */
  readonly processes?: number;
  /** Processes that make the views. Default: as many as processors, at most 8. */
  readonly makers?: number;
  /** Folder in which answers are remembered from run to run; none by default. */
  readonly memory?: string;
  readonly signal?: AbortSignal;
  /** The engines run; one for each contestant, in their order. */
  readonly onReady?: (infos: readonly ClassifierInfo[]) => void;
  /** A picture of which no views can be made: it is left out. */
  readonly onUnreadable?: (picture: Picture, reason: string) => void;
  /** Answers could not be kept for the next run; this one goes on. */
  readonly onForgotten?: (reason: string) => void;
}

/** Longer than any answer takes; an engine that hangs is noticed by the classifier itself. */
const PATIENCE_MS = 3_600_000;

/**
 * What one model says to views, as they come: in no order. The answers come from the embedded engine, so they are what
 * `serve` would send.
 *
 * @throws Sv72Error what starting the engine throws; ERR_INTERRUPTED when the signal comes; ERR_DATASET_DAMAGED
 */
export async function* answersOf(
  bundle: VerifiedBundle,
  views: readonly View[],
  options: AnswerOptions & Omit<Contestant, 'bundle'> = {},
): AsyncGenerator<Answer> {
  const { variant, precision, ...rest } = options;
  const contestant = {
    bundle,
    ...(variant !== undefined && { variant }),
    ...(precision !== undefined && { precision }),
  };
  for await (const [answer] of answersOfAll([contestant], views, rest))
    if (answer !== undefined) yield answer;
}

/** As `answersOf`, for several models on the same pixels: one answer of each. */
export async function* answersOfAll(
  contestants: readonly (Contestant | OpenContestant)[],
  views: readonly View[],
  options: AnswerOptions = {},
): AsyncGenerator<readonly Answer[]> {
  const { signal, makers = Math.min(8, availableParallelism()) } = options;
  const models: Model[] = [];
  const workshop = new ViewMakers(makers);
  const answered = new Channel<readonly Answer[]>();
  const stop = (): void =>
    answered.fail(
      options.memory === undefined
        ? new Sv72Error('ERR_INTERRUPTED', 'Interrupted.')
        : new Sv72Error('ERR_INTERRUPTED', 'Interrupted; the answers so far are kept.', {
            next: 'Run the same command again: it goes on from there.',
          }),
    );
  try {
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    for (const contestant of contestants) models.push(await openModel(contestant, options));
    options.onReady?.(models.map(({ classifier }) => classifier.info));
    void answerAll(models, views, workshop, answered, options);
    yield* answered.values();
  } finally {
    signal?.removeEventListener('abort', stop);
    answered.end();
    await workshop.close();
    for (const { classifier } of models) await classifier.close();
    for (const { memory } of models) {
      const failure = await memory.close();
      if (failure !== undefined) options.onForgotten?.(failure);
    }
  }
}

interface Model {
  readonly classifier: Classifier;
  readonly memory: Memory;
}

async function openModel(contestant: Contestant | OpenContestant, options: AnswerOptions): Promise<Model> {
  if ('classifier' in contestant)
    return await withMemory(contestant.classifier, contestant.identity, options);
  const { manifest } = contestant.bundle;
  const classifier = await createClassifier({
    ...contestant,
    device: options.device ?? 'auto',
    processes: options.processes ?? 1,
    cache: { entries: 0 },
    limits: { queue: 100_000, queueBytes: Number.POSITIVE_INFINITY },
  });
  const { input, output, positive, calibration } = manifest;
  const { bundle, engine, device } = classifier.info;
  const identity = JSON.stringify([bundle.sha256, input, output, positive, calibration, engine, device]);
  return await withMemory(classifier, identity, options);
}

async function withMemory(classifier: Classifier, identity: string, options: AnswerOptions): Promise<Model> {
  if (options.memory === undefined) return { classifier, memory: noMemory };
  const name = `${hash('sha256', identity).slice(0, 32)}.jsonl`;
  try {
    return { classifier, memory: await openMemory(join(options.memory, name)) };
  } catch (error) {
    await classifier.close();
    throw error;
  }
}

/** Fills the channel with the answers to all views: first those that are remembered, then picture by picture. */
async function answerAll(
  models: readonly Model[],
  views: readonly View[],
  workshop: ViewMakers,
  answered: Channel<readonly Answer[]>,
  options: AnswerOptions,
): Promise<void> {
  try {
    const orders = new Map<Picture, View[]>();
    for (const view of views) {
      const known = models.map(({ memory }) => memory.get(view.key));
      if (known.every((each) => each !== undefined)) {
        answered.push(known.map((each) => ({ view, ...each, failed: null, remembered: true })));
      } else orders.set(view.picture, [...(orders.get(view.picture) ?? []), view]);
    }
    const queue = orders.entries();
    const lane = async (): Promise<void> => {
      for (const [picture, wanted] of queue) {
        if (answered.ended) return;
        await answerPicture(models, picture, wanted, workshop, answered, options);
      }
    };
    await Promise.all(Array.from({ length: workshop.capacity }, lane));
    answered.end();
  } catch (error) {
    answered.fail(error);
  }
}

async function answerPicture(
  models: readonly Model[],
  picture: Picture,
  wanted: readonly View[],
  workshop: ViewMakers,
  answered: Channel<readonly Answer[]>,
  options: AnswerOptions,
): Promise<void> {
  const asked: Promise<void>[] = [];
  try {
    await workshop.make(
      picture,
      wanted.map(({ recipe }) => recipe),
      (index, { jpeg, width, height }) => {
        const view = wanted[index];
        if (view === undefined || answered.ended) return;
        asked.push(
          Promise.all(models.map((model) => ask(model, view, jpeg, width, height))).then((all) =>
            answered.push(all),
          ),
        );
      },
    );
  } catch (error) {
    if (!(error instanceof UnreadablePicture)) throw error;
    if (!answered.ended) options.onUnreadable?.(picture, error.message);
  }
  await Promise.all(asked);
}

async function ask(
  { classifier, memory }: Model,
  view: View,
  jpeg: Uint8Array,
  width: number,
  height: number,
): Promise<Answer> {
  const known = memory.get(view.key);
  if (known !== undefined) return { view, ...known, failed: null, remembered: true };
  const prediction = await classifier.predict(jpeg, { deadline: performance.now() + PATIENCE_MS });
  const p = prediction.probability;
  const failed =
    prediction.source === 'prior' ? (prediction.detail ?? prediction.reason ?? 'no answer') : null;
  if (failed === null) memory.put(view.key, { p, width, height });
  return { view, p, failed, remembered: false, width, height };
}
