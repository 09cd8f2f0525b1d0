import { performance } from 'node:perf_hooks';
import type { ClassifierInfo } from '../inference/index.ts';
import type { Generation } from '../simulate/index.ts';
import type { Answer, AnswerOptions, Contestant } from './answers/answers.ts';
import { type AskRequest, askViews } from './ask-views.ts';
import type { EvaluatedData, EvaluatedModel, Evaluation } from './evaluation.ts';
import type { ResampleOptions } from './figures/bootstrap.ts';
import { compare, type Pair } from './figures/compare.ts';
import { bestThreshold, calibrationBins, thresholdCurve } from './figures/curves.ts';
import { type Figures, measure } from './figures/measure.ts';
import { type Judged, tabulate } from './figures/table.ts';
import { slicesOf } from './slices.ts';
import { type WorstPicture, worstPictures } from './worst.ts';

/** Pictures that are listed as the worst. */
const WORST = 24;

export interface EvaluateRequest
  extends Omit<AskRequest, 'onReady'>,
    Pick<AnswerOptions, 'device' | 'processes'> {
  readonly contestant: Contestant;
  /** Answers the same views, to be compared. */
  readonly other?: Contestant;
  readonly resamples?: number;
  readonly onReady?: (models: readonly EvaluatedModel[]) => void;
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
  const { settings, now = () => performance.now() } = request;
  const from = now();
  const contestants = [request.contestant, ...(request.other === undefined ? [] : [request.other])];
  let models: readonly EvaluatedModel[] = [];
  const { data, rows, remembered } = await askViews(contestants, {
    ...request,
    onReady: (infos, about) => {
      models = infos.map((info, index) => describe(contestants[index], info, about));
      request.onReady?.(models);
    },
  });
  const answers = rows.flatMap(({ answers: [answer] }) => answer ?? []);
  const others = rows.flatMap(({ answers: [, other] }) => other ?? []);
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
    data,
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
