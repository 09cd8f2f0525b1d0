import { join } from 'node:path';
import {
  type ManifestInput,
  type NewBundleFile,
  ourInterface,
  type VerifiedBundle,
  writeBundle,
} from '../bundle/index.ts';
import { isThere } from '../config/index.ts';
import type { Dataset } from '../data/index.ts';
import type { Teacher } from './job.ts';
import type { Recipe } from './recipe.ts';
import { type TrainingResults, weightsText } from './results.ts';

export interface TrainedBundleOptions {
  /** The folder to write. */
  readonly dir: string;
  readonly replace: boolean;
  readonly name: string;
  readonly version: string;
  /** Licence of the model, where the first weights leave the choice. */
  readonly licence: string | undefined;
  /** Who trained. */
  readonly by: string;
  readonly command: string | undefined;
  readonly work: string;
  readonly recipe: Recipe;
  readonly datasets: readonly Dataset[];
  readonly results: TrainingResults;
  readonly teacher?: Teacher | undefined;
  readonly now?: Date;
}

const DRAWN = 'drawn';
/** As transformers' image-classification pipeline loads it. */
const CHECKPOINT = ['model.safetensors', 'config.json'];

/**
 * Writes the bundle of a training: the graph, figures, report, weights, recipe, and the licence's text where it binds.
 * A model that has only seen drawn streets is marked as a demonstration.
 *
 * @throws as `writeBundle`
 */
export async function writeTrainedBundle(options: TrainedBundleOptions): Promise<VerifiedBundle> {
  const { work, results, recipe } = options;
  const { licenceFile } = results;
  const copy = (path: string, from: string, role: NewBundleFile['role']): NewBundleFile => ({
    path,
    role,
    content: { copyFrom: join(work, from) },
  });
  const data = (await isThere(join(work, 'model.onnx.data'))) ? ['model.onnx.data'] : [];
  const demo = onlyDrawn(options.datasets);
  return await writeBundle({
    dir: options.dir,
    replace: options.replace,
    manifest: manifestOf(options, demo),
    files: [
      { ...copy('model.onnx', 'model.onnx', 'model'), precision: 'fp32' },
      ...data.map((name) => copy(name, name, 'model-data')),
      { path: 'README.md', role: 'readme', content: readme(options, demo) },
      copy('training/metrics.json', 'metrics.json', 'metrics'),
      copy('training/report.html', 'report.html', 'other'),
      ...(results.checkpoint
        ? CHECKPOINT.map((name) => copy(`checkpoint/${name}`, `checkpoint/${name}`, 'other'))
        : [copy('training/weights.safetensors', 'weights.safetensors', 'other')]),
      { path: 'training/recipe.json', role: 'other', content: `${JSON.stringify(recipe, null, 2)}\n` },
      ...(licenceFile === null ? [] : [copy('LICENSE.md', licenceFile, 'licence')]),
      ...notice(options.datasets),
    ],
  });
}

type NewManifest = Parameters<typeof writeBundle>[0]['manifest'];

function manifestOf(options: TrainedBundleOptions, demo: boolean): NewManifest {
  const { results, recipe, datasets } = options;
  const { backbone } = results;
  return {
    name: options.name,
    version: options.version,
    description: describe(results, recipe, demo),
    licence: licenceOf(options),
    demo,
    ...ourInterface(recipe.fit),
    calibration: { inGraph: true, ...results.calibration },
    metrics: results.metrics.map(({ condition, samples, values }) => ({
      dataset: `test split of ${datasets.map(({ manifest }) => manifest.name).join(', ')}`,
      condition,
      samples,
      values,
    })),
    training: trainingOf(options),
    provenance: {
      by: options.by,
      at: (options.now ?? new Date()).toISOString(),
      from: `${results.pictures.train} pictures of ${datasets.map(nameOf).join(', ')}; ${backbone.id} (${backbone.parameters} parameters) from ${weightsText(results)}, ${recipe.epochs} epochs${taughtBy(options)}`,
      ...(options.command !== undefined && { command: options.command }),
    },
  };
}

function trainingOf({ results, recipe, datasets }: TrainedBundleOptions): ManifestInput['training'] {
  const { backbone, seconds, steps, hardware, versions, pictures } = results;
  return {
    recipe: recipe.name,
    kind: recipe.kind,
    seed: recipe.seed,
    backbone: { id: backbone.id, parameters: backbone.parameters },
    base:
      backbone.firstWeights === 'random'
        ? null
        : {
            id: backbone.id,
            licence: backbone.licence,
            weights: backbone.firstWeights,
            binds: bindsOf(results),
          },
    data: datasets.map(({ manifest, fingerprint }) => ({
      name: manifest.name,
      fingerprint,
      licence: [...new Set(manifest.sources.map(({ licence }) => licence))].join(' AND '),
      attribution: manifest.sources.flatMap(({ attribution }) => attribution ?? []).join('\n') || null,
      sources: manifest.sources.map(({ title, licence, attribution, url }) => ({
        title,
        licence,
        attribution,
        url,
      })),
    })),
    pictures,
    steps,
    seconds: seconds.training,
    hardware,
    versions,
  };
}

/** Random weights bind nobody, whatever their architecture was published with. */
function bindsOf({ backbone }: TrainingResults): boolean {
  return backbone.binds && backbone.firstWeights !== 'random';
}

function licenceOf({ results, licence }: TrainedBundleOptions): string {
  if (bindsOf(results)) return results.backbone.licence;
  return licence ?? 'Apache-2.0';
}

function onlyDrawn(datasets: readonly Dataset[]): boolean {
  return datasets.every(({ manifest }) => manifest.sources.every(({ id }) => id === DRAWN));
}

function nameOf({ manifest }: Dataset): string {
  return manifest.name;
}

function taughtBy({ teacher, recipe }: TrainedBundleOptions): string {
  if (recipe.kind !== 'distill') return '';
  if (teacher === undefined) return ', taught by soft labels of the data';
  return `, taught by ${teacher.kind === 'bundle' ? `${teacher.name} ${teacher.version}` : teacher.model}`;
}

const DEMO_WARNING =
  'A demonstration model: it has only ever seen drawn streets. It must not go to mainnet, where it would be little better than guessing.';

function describe({ backbone }: TrainingResults, recipe: Recipe, demo: boolean): string {
  const what = `Recognises road works in street images: ${backbone.id}, recipe ${recipe.name}.`;
  return demo ? `${DEMO_WARNING} ${what}` : what;
}

/** Lines that sources ask to accompany what is made from them. */
function notice(datasets: readonly Dataset[]): NewBundleFile[] {
  const lines = new Set(
    datasets.flatMap(({ manifest }) => manifest.sources.flatMap(({ attribution }) => attribution ?? [])),
  );
  if (lines.size === 0) return [];
  return [{ path: 'NOTICE', role: 'notice', content: `${[...lines].join('\n')}\n` }];
}

function readme({ name, results, recipe, command }: TrainedBundleOptions, demo: boolean): string {
  const rows = results.metrics.map(({ condition, samples, values }) => {
    const cell = (key: string) =>
      `${figure(values[key])} (${figure(values[`${key}Low`])} to ${figure(values[`${key}High`])})`;
    return `| ${condition} | ${samples} | ${cell('reward')} | ${cell('accuracy')} | ${cell('mcc')} |`;
  });
  return [
    `# ${name}`,
    '',
    describe(results, recipe, demo),
    '',
    'Views of pictures that were never trained on, decisions at 0.5, 95 % intervals over pictures:',
    '',
    '| condition | views | reward | accuracy | MCC |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...(command === undefined ? [] : ['Made by', '', `    ${command}`, '']),
  ].join('\n');
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(3);
}
