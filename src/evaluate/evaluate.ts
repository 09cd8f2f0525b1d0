import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openDataset, requireBothClasses, type Split } from '../data/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { ClassifierInfo } from '../inference/index.ts';
import type { Generation } from '../simulate/index.ts';
import { type Answer, type AnswerOptions, answersOfAll, type Contestant } from './answers/answers.ts';
import type { EvaluatedData, EvaluatedModel, Evaluation, EvaluationSettings } from './evaluation.ts';
import type { ResampleOptions } from './figures/bootstrap.ts';
import { compare, type Pair } from './figures/compare.ts';
import { bestThreshold, calibrationBins, thresholdCurve } from './figures/curves.ts';
import { type Figures, measure } from './figures/measure.ts';
import { type Judged, tabulate } from './figures/table.ts';
import { slicesOf } from './slices.ts';
import { drawPictures, type Picture, picturesOfDataset, picturesOfFolder } from './views/picture.ts';
import { views } from './views/views.ts';
import { type WorstPicture, worstPictures } from './worst.ts';

/** Pictures that are listed as the worst. */
const WORST = 24;

export interface EvaluateRequest
  extends Pick<AnswerOptions, 'device' | 'processes' | 'makers' | 'memory' | 'signal' | 'onForgotten'> {
  readonly contestant: Contestant;
  /** Answers the same views, to be compared. */
  readonly other?: Contestant;
  readonly data:
    | { readonly kind: 'dataset'; readonly path: string; readonly split: Split }
    | { readonly kind: 'folder'; readonly path: string };
  readonly settings: EvaluationSettings;
  /** At most so many pictures, drawn by the seed. */
  readonly pictures?: number;
  readonly resamples?: number;
  readonly onReady?: (models: readonly EvaluatedModel[]) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Monotonic clock, ms. Default `performance.now`. */
  readonly now?: () => number;
}

/** How far an evaluation is. */
export interface Progress {
  /** Views that are answered, of how many, and how many of them by an earlier run. */
  readonly done: number;
  readonly of: number;
  readonly remembered: number;
  /** Since the engines were ready. */
  readonly seconds: number;
}

/** What `evaluate` found, and what only a report needs of it. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  /** Of the evaluated model, in the order of the views. */
  readonly answers: readonly Answer[];
  /** Of the one it is compared with. */
  readonly others: readonly Answer[];
  readonly worst: readonly WorstPicture[];
}

/**
 * Shows a model the views of labelled pictures and says how good its answers are.
 *
 * @throws Sv72Error ERR_IMAGE_FOLDER, ERR_LABELS_CONFLICT, ERR_DATASET_EMPTY where a class is missing,
 *   ERR_DATASET_MISSING, ERR_DATASET_FORMAT, ERR_DATASET_DAMAGED, ERR_INTERRUPTED; what starting the engine throws
 */
export async function evaluate(request: EvaluateRequest): Promise<Evaluated> {
  const { settings, data, onProgress, now = () => performance.now() } = request;
  const from = now();
  const source = await openPictures(data);
  const pictures =
    request.pictures === undefined
      ? source.pictures
      : drawPictures(source.pictures, request.pictures, settings.seed);
  requireBoth(pictures, data.path);
  const { generations, levels, seed, freeCrop, colours } = settings;
  const wanted = views(pictures, { generations, levels, draws: settings.views, seed, freeCrop, colours });

  const contestants = [request.contestant, ...(request.other === undefined ? [] : [request.other])];
  const unreadable: { picture: string; reason: string }[] = [];
  let models: readonly EvaluatedModel[] = [];
  let [done, remembered, ready] = [0, 0, from];
  const answered = new Map<string, readonly Answer[]>();
  for await (const answers of answersOfAll(contestants, wanted, {
    ...request,
    onReady: (infos) => {
      ready = now();
      models = infos.map((info, index) => describe(contestants[index], info, source.about));
      request.onReady?.(models);
    },
    onUnreadable: (picture, reason) => unreadable.push({ picture: picture.name, reason }),
  })) {
    const [first] = answers;
    if (first === undefined) continue;
    answered.set(first.view.key, answers);
    done += 1;
    if (answers.every((answer) => answer.remembered)) remembered += 1;
    onProgress?.({ done, of: wanted.length, remembered, seconds: (now() - ready) / 1000 });
  }
  // The order in which the answers came must not matter.
  const inOrder = wanted.flatMap(({ key }) => {
    const answers = answered.get(key);
    return answers === undefined ? [] : [answers];
  });
  const answers = inOrder.flatMap(([answer]) => answer ?? []);
  const others = inOrder.flatMap(([, other]) => other ?? []);
  const seen = requireBoth(new Set(answers.map(({ view }) => view.picture)), data.path);
  const worst = worstPictures(answers, WORST);
  const [model, other] = models;
  if (model === undefined) throw new Error('no model ran');
  const resampling: ResampleOptions = {
    seed: settings.seed,
    ...(request.resamples !== undefined && { resamples: request.resamples }),
  };
  const figures = figuresFor(answers, resampling);
  const evaluation: Evaluation = {
    model,
    data: {
      ...source.about,
      pictures: seen.none + seen.roadwork,
      ...seen,
      unreadable: unreadable.sort((a, b) => (a.picture < b.picture ? -1 : 1)),
    },
    settings,
    views: {
      count: answers.length,
      remembered,
      failed: answers.filter(({ failed }) => failed !== null).length,
    },
    ...figures,
    worst: worst.map(({ picture, worst: { view, p }, views: count, wrong, error }) => ({
      picture: picture.name,
      sha256: picture.sha256,
      label: picture.label,
      views: count,
      wrong,
      error,
      worst: { generation: view.generation, level: view.level, p },
    })),
    comparison: other === undefined ? null : { other, ...comparisonOf(answers, others, resampling) },
    seconds: Math.round((now() - from) / 100) / 10,
  };
  return { evaluation, answers, others, worst };
}

/** The pictures to evaluate on, and where they come from. */
export async function openPictures(data: EvaluateRequest['data']): Promise<{
  pictures: Picture[];
  about: Pick<EvaluatedData, 'kind' | 'path' | 'name' | 'fingerprint' | 'split'>;
}> {
  if (data.kind === 'folder') {
    const path = resolve(data.path);
    const about = {
      kind: data.kind,
      path,
      name: path.split(/[\\/]/).at(-1) ?? path,
      fingerprint: null,
      split: null,
    };
    return { pictures: await picturesOfFolder(path), about };
  }
  const { kind, split } = data;
  const dataset = await openDataset(data.path);
  requireBothClasses(dataset.manifest, [split]);
  const { dir, fingerprint, manifest } = dataset;
  return {
    pictures: await picturesOfDataset(dataset, split),
    about: { kind, path: dir, name: manifest.name, fingerprint, split },
  };
}

/** With one class alone nothing that validators count is defined. @throws Sv72Error ERR_DATASET_EMPTY */
export function requireBoth(pictures: Iterable<Picture>, path: string): { roadwork: number; none: number } {
  const labels = [...pictures].map(({ label }) => label);
  const roadwork = labels.filter((label) => label === 1).length;
  const none = labels.length - roadwork;
  if (roadwork > 0 && none > 0) return { roadwork, none };
  throw new Sv72Error(
    'ERR_DATASET_EMPTY',
    `${path} has no readable pictures ${roadwork === 0 && none === 0 ? 'at all' : roadwork === 0 ? 'with roadwork' : 'without roadwork'} (${roadwork} with roadwork, ${none} without).`,
    { details: { path, roadwork, none } },
  );
}

function figuresFor(
  answers: readonly Answer[],
  resampling: ResampleOptions,
): Pick<Evaluation, 'overall' | 'generations' | 'conditions' | 'slices' | 'threshold' | 'calibration'> {
  const judged = answers.map(judge);
  const table = tabulate(judged);
  const curve = thresholdCurve(table);
  const of = (part: readonly Answer[]): Figures => measure(part.map(judge), resampling);
  const conditions = groupBy(answers, ({ view }) => `${view.generation} ${view.level}`);
  return {
    overall: measure(judged, resampling),
    generations: byGeneration(answers).map(([generation, part]) => ({ generation, figures: of(part) })),
    conditions: conditions.flatMap((part) => {
      const [first] = part;
      if (first === undefined) return [];
      const { generation, level } = first.view;
      return [{ generation, level, figures: of(part) }];
    }),
    slices: slicesOf(answers).map(({ by, value, answers: part }) => ({ by, value, figures: of(part) })),
    threshold: { best: bestThreshold(curve) ?? null, curve },
    calibration: calibrationBins(table),
  };
}

function comparisonOf(
  answers: readonly Answer[],
  others: readonly Answer[],
  resampling: ResampleOptions,
): Omit<NonNullable<Evaluation['comparison']>, 'other'> {
  const theirs = new Map(others.map((answer) => [answer.view.key, answer.p]));
  const pair = (answer: Answer): Pair => {
    const { label, cluster, p } = judge(answer);
    return { label, cluster, first: p, second: theirs.get(answer.view.key) ?? p };
  };
  return {
    overall: measure(others.map(judge), resampling),
    difference: compare(answers.map(pair), resampling),
    generations: byGeneration(answers).map(([generation, part]) => ({
      generation,
      difference: compare(part.map(pair), resampling),
    })),
  };
}

function judge({ view, p }: Answer): Judged {
  return { label: view.label, p, cluster: view.picture.group };
}

function byGeneration(answers: readonly Answer[]): [Generation, readonly Answer[]][] {
  return groupBy(answers, ({ view }) => String(view.generation)).flatMap(
    (part): [Generation, readonly Answer[]][] => {
      const [first] = part;
      return first === undefined ? [] : [[first.view.generation, part]];
    },
  );
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function describe(
  contestant: Contestant | undefined,
  info: ClassifierInfo,
  { fingerprint, split }: Pick<EvaluatedData, 'fingerprint' | 'split'>,
): EvaluatedModel {
  const { bundle, variant, precision, engine, device } = info;
  const made = contestant?.bundle.manifest.training?.data.some((data) => data.fingerprint === fingerprint);
  const met = made === true && split !== 'test' ? (split === 'train' ? 'training' : split) : null;
  const path = contestant?.bundle.dir ?? '';
  return { path, ...bundle, variant: variant.name, precision, engine, device, met };
}
