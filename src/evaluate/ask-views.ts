import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { openDataset, requireBothClasses, type Split } from '../data/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { ClassifierInfo } from '../inference/index.ts';
import {
  type Answer,
  type AnswerOptions,
  answersOfAll,
  type Contestant,
  type OpenContestant,
} from './answers/answers.ts';
import type { EvaluatedData, EvaluationSettings } from './evaluation.ts';
import { drawPictures, type Picture, picturesOfDataset, picturesOfFolder } from './views/picture.ts';
import { type View, views } from './views/views.ts';

/** What is shown, and how it is asked. */
export interface AskRequest
  extends Pick<AnswerOptions, 'device' | 'processes' | 'makers' | 'memory' | 'signal' | 'onForgotten'> {
  readonly data:
    | { readonly kind: 'dataset'; readonly path: string; readonly split: Split }
    | { readonly kind: 'folder'; readonly path: string };
  readonly settings: EvaluationSettings;
  /** At most so many pictures, drawn by the seed. */
  readonly pictures?: number;
  readonly onReady?: (infos: readonly ClassifierInfo[], about: About) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Monotonic clock, ms. Default `performance.now`. */
  readonly now?: () => number;
}

type About = Pick<EvaluatedData, 'kind' | 'path' | 'name' | 'fingerprint' | 'split'>;

/** How far an evaluation is. */
export interface Progress {
  /** Views that are answered, of how many, and how many of them by an earlier run. */
  readonly done: number;
  readonly of: number;
  readonly remembered: number;
  /** Since the engines were ready. */
  readonly seconds: number;
}

/** What each said to every view. */
export interface Asked {
  readonly data: EvaluatedData;
  /** In an order that does not depend on who answered first; the answers in that of the contestants. */
  readonly rows: readonly { readonly view: View; readonly answers: readonly Answer[] }[];
  /** Views that all of them had answered in an earlier run. */
  readonly remembered: number;
}

/**
 * Shows all contestants the same views of labelled pictures.
 *
 * @throws Sv72Error ERR_IMAGE_FOLDER, ERR_LABELS_CONFLICT, ERR_DATASET_EMPTY where a class is missing,
 *   ERR_DATASET_MISSING, ERR_DATASET_FORMAT, ERR_DATASET_DAMAGED, ERR_INTERRUPTED; what starting an engine throws
 */
export async function askViews(
  contestants: readonly (Contestant | OpenContestant)[],
  request: AskRequest,
): Promise<Asked> {
  const { settings, data, onProgress, now = () => performance.now() } = request;
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
  let [done, remembered, ready] = [0, 0, now()];
  for await (const answers of answersOfAll(contestants, wanted, {
    ...request,
    onReady: (infos) => {
      ready = now();
      request.onReady?.(infos, source.about);
    },
    onUnreadable: (picture, reason) => unreadable.push({ picture: picture.name, reason }),
  })) {
    const [first] = answers;
    if (first === undefined) continue;
    answered.set(first.view.key, answers);
    done += 1;
    if (answers.every((answer) => answer.remembered)) remembered += 1;
    onProgress?.({ done, of: wanted.length, remembered, seconds: (now() - ready) / 1_000 });
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
    rows,
    remembered,
  };
}

/** The pictures to evaluate on, and where they come from. */
async function openPictures(data: AskRequest['data']): Promise<{ pictures: Picture[]; about: About }> {
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
function requireBoth(pictures: Iterable<Picture>, path: string): { roadwork: number; none: number } {
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
