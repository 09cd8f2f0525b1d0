import { basename, dirname } from 'node:path';
import type { CommandWord, JobSpec, Mount } from '../jobs/index.ts';
import { knownBackbone } from './backbones.ts';
import { RECIPE_FILE } from './place.ts';
import type { Recipe } from './recipe.ts';

/** Where the model of a distillation's teacher is: a bundle's folder, or a server and the name it has there. */
export type Teacher =
  | { readonly kind: 'bundle'; readonly dir: string; readonly name: string; readonly version: string }
  | { readonly kind: 'openai'; readonly url: string; readonly model: string };

export interface TrainingJobOptions {
  readonly recipe: Recipe;
  /** Folders of datasets. */
  readonly data: readonly string[];
  /** Pictures of the datasets together. */
  readonly pictures: { readonly train: number; readonly validation: number; readonly test: number };
  /** Folder of the run: recipe in, checkpoint and results out. */
  readonly work: string;
  /** Folder that outlives runs: shrunk pictures, views, features, fetched weights. */
  readonly cache: string;
  readonly device: 'auto' | 'cpu' | 'cuda';
  /** Threads of the trainer on a CPU; 0: as many as there are. */
  readonly threads: number;
  /** Processes that make views; 0: none beside the trainer. */
  readonly workers: number;
  readonly resume: boolean;
  readonly weights?: string | undefined;
  readonly weightsLicence?: string | undefined;
  readonly teacher?: Teacher | undefined;
  /** Reach the job in its environment alone. */
  readonly secrets?: Readonly<Record<string, string>>;
}

const VIEW_BYTES = 224 * 224 * 3;
const GIGABYTE = 2 ** 30;

/** The job that trains. */
export function trainingJob(options: TrainingJobOptions): JobSpec {
  const { recipe, device, weights, weightsLicence, teacher, workers } = options;
  const data = options.data.map((host, index): Mount => ({ name: `data${index}`, host, readonly: true }));
  const files: Mount[] = [
    ...(weights === undefined ? [] : [{ name: 'weights', host: dirname(weights), readonly: true }]),
    ...(weightsLicence === undefined
      ? []
      : [{ name: 'licence', host: dirname(weightsLicence), readonly: true }]),
    ...(teacher?.kind === 'bundle' ? [{ name: 'teacher', host: teacher.dir, readonly: true }] : []),
  ];
  const flag = (name: string, word: CommandWord | undefined): CommandWord[] =>
    word === undefined ? [] : [name, word];
  const reachesOut = (recipe.backbone.pretrained && weights === undefined) || teacher?.kind === 'openai';
  const parameters = knownBackbone(recipe.backbone.id)?.millions;
  return {
    kind: 'train',
    title: `${recipe.name}: ${recipe.backbone.id}`,
    environment: 'train',
    image: { kind: 'build' },
    command: [
      ...['python', '-m', 'sv72_train', 'train', '--recipe', { mount: 'work', path: RECIPE_FILE }],
      ...data.flatMap(({ name }): CommandWord[] => ['--data', { mount: name }]),
      ...['--out', { mount: 'work' }, '--cache', { mount: 'cache' }, '--device', device],
      ...(options.threads > 0 ? ['--threads', String(options.threads)] : []),
      ...(workers > 0 ? ['--workers', String(workers)] : []),
      ...(options.resume ? ['--resume'] : []),
      ...flag('--weights', weights && { mount: 'weights', path: basename(weights) }),
      ...flag('--licence', weightsLicence && { mount: 'licence', path: basename(weightsLicence) }),
      ...flag('--teacher', teacher?.kind === 'bundle' ? { mount: 'teacher' } : teacher?.url),
      ...flag('--teacher-model', teacher?.kind === 'openai' ? teacher.model : undefined),
    ],
    mounts: [
      { name: 'work', host: options.work, made: true },
      { name: 'cache', host: options.cache, made: true, shared: true },
      ...data,
      ...files,
    ],
    env: { OMP_WAIT_POLICY: 'passive', HF_HOME: { mount: 'cache', path: 'hub' } },
    ...(options.secrets !== undefined && { secrets: options.secrets }),
    gpus: device === 'cpu' ? 'none' : 'all',
    // Loader processes hand views over in shared memory: four batches each.
    limits: recipe.views.stored === 0 && workers > 0 ? { shmBytes: sharedBytes(recipe, workers) } : {},
    needs: {
      diskBytes: diskBytes(options, parameters),
      ...(device !== 'cpu' && parameters !== undefined && { vramBytes: vramBytes(recipe, parameters) }),
      ...(device === 'cuda' && { gpu: true }),
    },
    stopGraceMs: 120_000,
    ...(!reachesOut && { network: 'none' }),
  };
}

function sharedBytes({ batch }: Recipe, workers: number): number {
  return Math.max(GIGABYTE / 4, Math.ceil(1.5 * 4 * workers * batch * VIEW_BYTES));
}

/** Views that are stored, pictures in the cache at some 200 kB, and checkpoints: weights five times, four bytes each. */
function diskBytes({ recipe, pictures }: TrainingJobOptions, millions = 100): number {
  const measured = (pictures.validation + pictures.test) * recipe.measuredViews;
  const stored = pictures.train * recipe.views.stored;
  const side = recipe.backbone.id.startsWith('plain-') ? VIEW_BYTES / 4 : VIEW_BYTES;
  const cached = recipe.cacheSide === 0 ? 0 : 200_000;
  const all = pictures.train + pictures.validation + pictures.test;
  return (measured + stored) * side + all * cached + millions * 1e6 * 4 * 7 + 100_000_000;
}

/** Without activations, which shrink with the batch when memory runs out: weights, gradients, moments, average. */
function vramBytes({ kind }: Recipe, millions: number): number {
  return (kind === 'head' || kind === 'lora' ? 8 : 20) * millions * 1e6 + GIGABYTE;
}
