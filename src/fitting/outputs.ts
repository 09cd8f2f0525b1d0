import { performance } from 'node:perf_hooks';
import {
  type Answer,
  type AnswerOptions,
  answersOfAll,
  drawPictures,
  type EvaluatedData,
  type EvaluateRequest,
  type EvaluationSettings,
  type OpenContestant,
  openPictures,
  type Progress,
  requireBoth,
  type View,
  views,
} from '../evaluate/index.ts';
import type { Classifier, PredictOptions } from '../inference/index.ts';
import type { FittedStage } from './stage.ts';

export interface OutputsRequest
  extends Pick<AnswerOptions, 'makers' | 'memory' | 'signal' | 'onForgotten'>,
    Pick<EvaluateRequest, 'data' | 'pictures' | 'onProgress' | 'now'> {
  readonly stages: readonly FittedStage[];
  readonly settings: EvaluationSettings;
}

/** What every stage said to every view. */
export interface Outputs {
  readonly data: EvaluatedData;
  readonly settings: EvaluationSettings;
  /** In an order that does not depend on who answered first; the answers in that of the stages. */
  readonly rows: readonly { readonly view: View; readonly answers: readonly Answer[] }[];
  readonly remembered: number;
}

/** A stage that needs longer for a view, ms, gives no answer to it. */
const PATIENCE_MS = 120_000;

/**
 * Shows all stages the same views of labelled pictures. The classifiers stay open.
 *
 * @throws Sv72Error as `evaluate` does
 */
export async function stageOutputs(request: OutputsRequest): Promise<Outputs> {
  const { stages, settings, data, onProgress, now = () => performance.now() } = request;
  const source = await openPictures(data);
  const pictures =
    request.pictures === undefined
      ? source.pictures
      : drawPictures(source.pictures, request.pictures, settings.seed);
  requireBoth(pictures, data.path);
  const { generations, levels, seed, freeCrop, colours } = settings;
  const wanted = views(pictures, { generations, levels, draws: settings.views, seed, freeCrop, colours });
  const unreadable: { picture: string; reason: string }[] = [];
  const answered = new Map<string, readonly Answer[]>();
  let [done, remembered] = [0, 0];
  const from = now();
  for await (const answers of answersOfAll(stages.map(contestantOf), wanted, {
    ...request,
    onUnreadable: (picture, reason) => unreadable.push({ picture: picture.name, reason }),
  })) {
    const [first] = answers;
    if (first === undefined) continue;
    answered.set(first.view.key, answers);
    done += 1;
    if (answers.every((answer) => answer.remembered)) remembered += 1;
    onProgress?.({ done, of: wanted.length, remembered, seconds: (now() - from) / 1_000 } satisfies Progress);
  }
  const rows = wanted.flatMap((view) => {
    const answers = answered.get(view.key);
    return answers === undefined ? [] : [{ view, answers }];
  });
  const seen = requireBoth(new Set(rows.map(({ view }) => view.picture)), data.path);
  return {
    data: {
      ...source.about,
      pictures: seen.none + seen.roadwork,
      ...seen,
      unreadable: unreadable.sort((a, b) => (a.picture < b.picture ? -1 : 1)),
    },
    settings,
    rows,
    remembered,
  };
}

function contestantOf({ name, classifier }: FittedStage): OpenContestant {
  const { bundle, engine, device } = classifier.info;
  // What a stage adds to its model stands behind a plus sign.
  const [, turned = null] = name.split('+');
  return {
    classifier: heldOpen(classifier),
    identity: JSON.stringify(['stage', bundle, engine, device, turned]),
  };
}

function heldOpen(classifier: Classifier): Classifier {
  return {
    info: classifier.info,
    predict: (image: Uint8Array, options: PredictOptions = {}) =>
      classifier.predict(image, {
        deadline: Math.min(options.deadline ?? Number.POSITIVE_INFINITY, performance.now() + PATIENCE_MS),
      }),
    stats: () => classifier.stats(),
    close: async () => {},
  };
}
