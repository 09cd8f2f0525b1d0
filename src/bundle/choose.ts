import { Sv72Error } from '../errors/index.ts';
import type { BundleFile, Manifest, Precision } from './manifest.ts';
import type { Variant } from './variant.ts';

/** One of a bundle's ONNX models. */
export interface BundleModel {
  readonly file: BundleFile & { readonly precision: Precision };
  /** What `--variant` calls it: the name of its record, else its precision. */
  readonly name: string;
  /** null: nothing says that it was made from another model here. */
  readonly record: Variant | null;
  /** The graph that it was made from is no longer in the bundle. */
  readonly stale: boolean;
}

/** Which model to run, and why that one: one clause for the status block. */
export interface ModelChoice {
  readonly model: BundleModel;
  readonly why: string;
}

/** What was asked for. `variant` goes before `precision`. */
export interface ModelWish {
  readonly variant?: string | undefined;
  readonly precision?: Precision | 'auto' | undefined;
}

/** A variant replaces the model it was made from when it is this much faster; less is not worth a single flip. */
const WORTHWHILE = 1.2;

/** All ONNX models of a bundle, in the order of the manifest. */
export function modelsOf(manifest: Manifest): BundleModel[] {
  return manifest.files.flatMap((file) => {
    if (file.role !== 'model' || file.precision === undefined) return [];
    const record = manifest.variants?.find(({ path }) => path === file.path) ?? null;
    return [
      {
        file: { ...file, precision: file.precision },
        name: record?.name ?? file.precision,
        record,
        stale:
          record !== null &&
          !manifest.files.some(({ role, sha256 }) => role === 'model' && sha256 === record.from.sha256),
      },
    ];
  });
}

/** The model that the others are made from and compared with: fp32 if there is one, else the first. */
export function baseModel(manifest: Manifest): BundleModel {
  const models = modelsOf(manifest);
  const own = models.filter(({ record }) => record === null);
  const base = own.find(({ file }) => file.precision === 'fp32') ?? own[0] ?? models[0];
  if (base) return base;
  throw new Sv72Error('ERR_BUNDLE_INVALID', `The bundle ${manifest.name} has no model.`);
}

/**
 * The model to run on a device. By itself it takes the fastest variant that passed its gate, is not stale and is at
 * least 1.2 times as fast there as the model it was made from; without such a one that model. On a GPU, for which
 * nothing was measured, an fp16 variant that passed is taken, since it halves what has to be moved.
 *
 * @throws Sv72Error ERR_BUNDLE_VARIANT when there is no such model, ERR_VARIANT_STALE when the graph it was made from
 *   has changed
 */
export function chooseModel(
  manifest: Manifest,
  device: Variant['gate']['device'],
  wish: ModelWish = {},
): ModelChoice {
  const models = modelsOf(manifest);
  if (wish.variant !== undefined && wish.variant !== 'auto') {
    const found = models.find(({ name }) => name === wish.variant);
    if (!found)
      throw unknown(
        manifest,
        { variant: wish.variant },
        models.map(({ name }) => name),
      );
    return { model: fresh(manifest, found), why: 'as asked for' };
  }
  const { precision = 'auto' } = wish;
  if (precision !== 'auto') {
    const found = models.filter(({ file }) => file.precision === precision);
    const best = found.find(({ stale }) => !stale) ?? found[0];
    if (!best)
      throw unknown(
        manifest,
        { precision },
        models.map(({ file }) => file.precision),
      );
    return { model: fresh(manifest, best), why: 'as asked for' };
  }
  const base = baseModel(manifest);
  const gains = models.flatMap((model) => {
    const gain = gainOn(device, model);
    return gain === undefined ? [] : [{ model, gain }];
  });
  const [best] = gains.sort((a, b) => b.gain - a.gain);
  if (best?.model.record) return { model: best.model, why: reasonFor(best.model.record, device, best.gain) };
  return { model: base, why: reasonAgainst(models) };
}

/** How many times as fast as its source a variant is on the device; undefined: it is not to be taken there. */
function gainOn(device: Variant['gate']['device'], { record, stale }: BundleModel): number | undefined {
  if (record === null || stale || !record.gate.passed) return undefined;
  const measured = record.latency.device === device;
  const gain = measured ? record.latency.sourceMs / record.latency.variantMs : undefined;
  if (device === 'cpu') return gain !== undefined && gain >= WORTHWHILE ? gain : undefined;
  if (record.name !== 'fp16') return undefined;
  return gain === undefined || gain >= WORTHWHILE ? (gain ?? 1) : undefined;
}

function reasonFor({ gate, latency }: Variant, device: string, gain: number): string {
  const flips = `${gate.flips} of ${gate.pictures} decisions differ`;
  return latency.device === device
    ? `passed its gate (${flips}), ${gain.toFixed(1)} times as fast`
    : `passed its gate (${flips})`;
}

function reasonAgainst(models: readonly BundleModel[]): string {
  const variants = models.filter(({ record }) => record !== null);
  if (variants.length === 0) return models.length === 1 ? 'the only model' : 'no other passed a gate';
  if (variants.every(({ stale }) => stale)) return 'the variants were made from another graph';
  return 'no variant that passed its gate is faster here';
}

function fresh(manifest: Manifest, model: BundleModel): BundleModel {
  if (!model.stale || !model.record) return model;
  throw new Sv72Error(
    'ERR_VARIANT_STALE',
    `The variant ${model.name} of ${manifest.name} ${manifest.version} was made from a graph that is no longer in the bundle.`,
    { details: { variant: model.name, from: model.record.from.sha256, file: model.file.path } },
  );
}

function unknown(manifest: Manifest, wish: Record<string, string>, available: readonly string[]): Sv72Error {
  const what = wish.variant === undefined ? `${wish.precision} model` : `variant ${wish.variant}`;
  return new Sv72Error(
    'ERR_BUNDLE_VARIANT',
    `The bundle ${manifest.name} ${manifest.version} has no ${what}, only ${available.join(', ')}.`,
    { details: { ...wish, available } },
  );
}
