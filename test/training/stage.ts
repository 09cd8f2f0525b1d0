import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatasetSource, writeDataset } from '../../src/data/index.ts';
import type { JobResult } from '../../src/jobs/index.ts';
import {
  findRecipe,
  type PreparedTraining,
  prepareTraining,
  type TrainingRequest,
} from '../../src/training/index.ts';
import { MADE, newPicture, SOURCE } from '../data/sample.ts';

export const TRAINER = join(import.meta.dirname, '..', '..', 'templates', 'train');

/** A dataset of blotches, half of each class in every split. */
export async function blotchSet(
  folder: string,
  {
    count = 40,
    source = SOURCE,
    labels = [0, 1] as readonly (0 | 1)[],
    first = 0,
  }: Partial<{
    count: number;
    source: DatasetSource;
    labels: readonly (0 | 1)[];
    first: number;
  }> = {},
): Promise<string> {
  const dir = join(folder, `set-${first}`);
  await writeDataset({
    dir,
    name: 'blotches',
    made: MADE,
    sources: [source],
    split: { seed: 1, shares: { train: 0.6, validation: 0.2, test: 0.2 } },
    pictures: Array.from({ length: count }, (_, index) =>
      newPicture(first + index, {
        label: labels[index % labels.length] ?? 0,
        source: source.id,
        group: `place ${first + index}`,
      }),
    ),
  });
  return dir;
}

/** A request for the recipe `plain` on a set, with its folders inside `folder`. */
export async function requestFor(
  folder: string,
  data: string,
  more: Partial<TrainingRequest> = {},
): Promise<TrainingRequest> {
  return {
    recipe: await findRecipe('plain', TRAINER),
    data: [data],
    work: join(folder, 'run'),
    cache: join(folder, 'cache'),
    device: 'cpu',
    threads: 1,
    workers: 0,
    resume: false,
    weights: undefined,
    weightsLicence: undefined,
    ...more,
  };
}

export async function preparedFor(
  folder: string,
  more: Partial<TrainingRequest> = {},
): Promise<PreparedTraining> {
  return await prepareTraining(await requestFor(folder, await blotchSet(folder), more));
}

/** What the trainer leaves of a run, as far as the bundle needs it. */
export async function leaveRun(work: string, change: Record<string, unknown> = {}): Promise<void> {
  const values = Object.fromEntries(
    ['reward', 'accuracy', 'mcc'].flatMap((name) => [
      [name, 0.9],
      [`${name}Low`, 0.85],
      [`${name}High`, 0.95],
    ]),
  );
  const row = { epoch: 1, step: 10, loss: 0.5, rate: 0.001, reward: 0.5, accuracy: 0.8, mcc: 0.6 };
  const results = {
    recipe: {},
    backbone: {
      id: 'plain-s',
      parameters: 96_909,
      licence: 'Apache-2.0',
      binds: false,
      firstWeights: 'random',
    },
    calibration: { bias: 0.1, temperature: 1.2 },
    metrics: [{ condition: 'generation 1', samples: 40, values }],
    validationReward: 0.9,
    graph: { views: 40, flips: 0, worst: 1e-7 },
    data: [{ name: 'blotches', fingerprint: 'ab' }],
    pictures: { train: 24, validation: 8, test: 8 },
    history: [row, { ...row, epoch: 2, loss: 0.3, reward: 0.7 }],
    steps: 20,
    seconds: { training: 3.5, all: 9 },
    hardware: 'a processor, 1 threads',
    versions: { torch: '2.15.0' },
    checkpoint: false,
    licenceFile: null,
    ...change,
  };
  await mkdir(work, { recursive: true });
  await writeFile(join(work, 'metrics.json'), JSON.stringify(results));
  for (const name of ['model.onnx', 'report.html', 'weights.safetensors'])
    await writeFile(join(work, name), `contents of ${name}`);
}

export function jobResult(change: Partial<JobResult> = {}): JobResult {
  return {
    id: 'train-1',
    runtime: 'local',
    outcome: 'failed',
    exitCode: 1,
    lastProgress: null,
    lastResult: null,
    warnings: [],
    lastLines: ['failed'],
    logFile: '/tmp/log',
    seconds: 1,
    ...change,
  };
}
