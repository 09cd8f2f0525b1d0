import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadBundle } from '../bundle/index.ts';
import { isThere, writeWhole } from '../config/index.ts';
import { type Dataset, openDataset } from '../data/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { JobSpec } from '../jobs/index.ts';
import { type Teacher, type TrainingJobOptions, trainingJob } from './job.ts';
import { CHECKPOINT_FILE, nothingToResume, RECIPE_FILE } from './place.ts';
import type { Recipe } from './recipe.ts';

export interface TrainingRequest
  extends Pick<
    TrainingJobOptions,
    'cache' | 'device' | 'threads' | 'workers' | 'resume' | 'weights' | 'weightsLicence' | 'secrets'
  > {
  readonly recipe: Recipe;
  readonly data: readonly string[];
  readonly work: string;
  /** A bundle's folder or a server's address. */
  readonly teacher?: string | undefined;
  /** What the server calls its model. */
  readonly teacherModel?: string | undefined;
  /** Only the job's specification is wanted: nothing is written. */
  readonly dryRun?: boolean;
}

/** A training that can start. */
export interface PreparedTraining {
  readonly spec: JobSpec;
  readonly datasets: readonly Dataset[];
  /** Absolute. */
  readonly work: string;
  readonly recipe: Recipe;
  readonly teacher: Teacher | undefined;
}

/**
 * Checks everything that can be known to go wrong, and writes the recipe into the run's folder.
 *
 * @throws Sv72Error ERR_TRAINING_EXISTS, ERR_TRAINING_NOTHING, ERR_TRAINING_CHANGED, ERR_TRAINING_TEACHER,
 *   ERR_DATASET_EMPTY, ERR_FILE_MISSING; those of `openDataset` and `loadBundle`
 */
export async function prepareTraining(request: TrainingRequest): Promise<PreparedTraining> {
  const { recipe } = request;
  const work = resolve(request.work);
  const datasets: Dataset[] = [];
  for (const folder of request.data) datasets.push(await openDataset(folder));
  const pictures = countPictures(datasets);
  const teacher = await teacherOf(request, datasets);
  for (const file of [request.weights, request.weightsLicence]) if (file !== undefined) await mustExist(file);
  await checkRun(work, recipe, request.resume);
  if (request.dryRun !== true) {
    await mkdir(request.cache, { recursive: true });
    await mkdir(work, { recursive: true });
    await writeWhole(join(work, RECIPE_FILE), `${JSON.stringify(recipe, null, 2)}\n`);
  }
  const spec = trainingJob({
    ...request,
    work,
    cache: resolve(request.cache),
    data: datasets.map(({ dir }) => dir),
    pictures,
    weights: request.weights === undefined ? undefined : resolve(request.weights),
    weightsLicence: request.weightsLicence === undefined ? undefined : resolve(request.weightsLicence),
    teacher,
  });
  return { spec, datasets, work, recipe, teacher };
}

function countPictures(datasets: readonly Dataset[]): TrainingJobOptions['pictures'] {
  const count = { train: 0, validation: 0, test: 0 };
  for (const split of ['train', 'validation', 'test'] as const) {
    const sum = { none: 0, roadwork: 0 };
    for (const { manifest } of datasets) {
      sum.none += manifest.counts[split].none;
      sum.roadwork += manifest.counts[split].roadwork;
    }
    const missing = sum.none === 0 ? 'without roadwork' : sum.roadwork === 0 ? 'with roadwork' : undefined;
    if (missing !== undefined) {
      throw new Sv72Error('ERR_DATASET_EMPTY', `The data has no pictures ${missing} in the ${split} split.`, {
        details: { split },
        next: 'Add such pictures; `sv72 data show` counts what is there.',
      });
    }
    count[split] = sum.none + sum.roadwork;
  }
  return count;
}

async function checkRun(work: string, recipe: Recipe, resume: boolean): Promise<void> {
  const there = await isThere(join(work, CHECKPOINT_FILE));
  if (!resume) {
    if (!there) return;
    throw new Sv72Error('ERR_TRAINING_EXISTS', `${work} holds an earlier run.`, { details: { work } });
  }
  // A run that was stopped before its first checkpoint has made views, which are found in the cache.
  const before = await readFile(join(work, RECIPE_FILE), 'utf8').catch(() => undefined);
  if (before === undefined) throw nothingToResume(work);
  if (there && before !== `${JSON.stringify(recipe, null, 2)}\n`) {
    throw new Sv72Error(
      'ERR_TRAINING_CHANGED',
      'The recipe, with these flags, is not the one that this run was begun with.',
      { details: { work } },
    );
  }
}

async function teacherOf(
  { recipe, teacher, teacherModel }: TrainingRequest,
  datasets: readonly Dataset[],
): Promise<Teacher | undefined> {
  const wrong = (what: string, next?: string): Sv72Error =>
    new Sv72Error('ERR_TRAINING_TEACHER', what, next === undefined ? {} : { next });
  if (recipe.kind !== 'distill') {
    if (teacher === undefined) return undefined;
    throw wrong(
      `The recipe ${recipe.name} has no use for a teacher.`,
      'Take the recipe distill, or leave --teacher out.',
    );
  }
  if (teacher === undefined) {
    if (await haveSoftLabels(datasets)) return undefined;
    throw wrong('Distilling needs a teacher, or soft labels in the dataset, and there is neither.');
  }
  if (!/^https?:\/\//i.test(teacher)) {
    const bundle = await loadBundle(teacher);
    const { name, version } = bundle.manifest;
    return { kind: 'bundle', dir: bundle.dir, name, version };
  }
  const address = URL.parse(teacher);
  if (address === null) throw wrong('The address of the teacher is not a valid one.');
  if (address.username !== '' || address.password !== '') {
    throw wrong(
      'The address of the teacher holds a name or a password, which would be kept with the run.',
      'Give the address without, and the key in the variable SV72_TEACHER_KEY.',
    );
  }
  if (teacherModel !== undefined) return { kind: 'openai', url: teacher, model: teacherModel };
  throw wrong(`It was not said which model of ${teacher} is the teacher.`, 'Name it with --teacher-model.');
}

async function haveSoftLabels(datasets: readonly Dataset[]): Promise<boolean> {
  for (const dataset of datasets) {
    for await (const { soft } of dataset.entries({ split: 'train' })) if (soft !== undefined) return true;
  }
  return false;
}

async function mustExist(path: string): Promise<void> {
  if (await isThere(path)) return;
  throw new Sv72Error('ERR_TRAINING_WEIGHTS', `There is no file ${path}.`, {
    next: 'Give the path of a file that is there.',
    details: { path },
  });
}
