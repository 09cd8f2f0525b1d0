import { z } from 'zod';
import { variantSchema } from './variant.ts';

/** Name of the manifest inside a bundle's folder. */
export const MANIFEST_NAME = 'sv72.json';

/** The format version this code reads and writes. */
export const BUNDLE_FORMAT = 1;

const MAX_SIDE = 4096;
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

const text = z.string().max(4000);
const finite = z.number().finite();
const perChannel = z.tuple([finite, finite, finite]);

/** A path inside the bundle: relative, forward slashes, plain names, never up or out. */
export const bundlePath = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/, {
    error: 'must be a relative path of plain names inside the bundle',
  })
  .refine((path) => path !== MANIFEST_NAME, { error: 'the manifest does not list itself' });

const precision = z.enum(['fp32', 'fp16', 'int8']);

/**
 * What a file is for: `model` is an ONNX graph, `model-data` its external weights, `engine` something built for one
 * machine from a model; the rest is for people.
 */
const role = z.enum([
  'model',
  'model-data',
  'engine',
  'metrics',
  'card',
  'readme',
  'licence',
  'notice',
  'other',
]);

const file = z
  .strictObject({
    path: bundlePath,
    role,
    /** Needed for `model` and `engine`, and only there. */
    precision: precision.optional(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' }),
    bytes: z.int().nonnegative(),
  })
  .refine((f) => (f.precision !== undefined) === (f.role === 'model' || f.role === 'engine'), {
    error: 'precision belongs to files of role model or engine, and is needed there',
    path: ['precision'],
  });

const resize = z.strictObject({
  /**
   * `stretch`: both sides scaled on their own. `letterbox`: scaled to fit (sides truncated), centred on `background`.
   * `cover-crop`: the shorter side scaled to fit, the longer one cropped around its centre.
   */
  fit: z.enum(['stretch', 'letterbox', 'cover-crop']),
  kernel: z.enum(['nearest', 'linear', 'cubic', 'lanczos3']),
  /** Whether the kernel widens when an image gets smaller (as PIL always does). */
  antialias: z.boolean(),
  /** Colour around a letterboxed image, in RGB. */
  background: z
    .tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)])
    .default([0, 0, 0]),
});

const input = z
  .strictObject({
    name: text.min(1),
    dtype: z.enum(['uint8', 'float32']),
    layout: z.enum(['nhwc', 'nchw']),
    /** Height and width in pixels. */
    size: z.tuple([z.int().min(1).max(MAX_SIDE), z.int().min(1).max(MAX_SIDE)]),
    colour: z.enum(['rgb', 'bgr']).default('rgb'),
    batch: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('fixed'), size: z.int().min(1).max(64) }),
      z.strictObject({ kind: z.literal('dynamic'), max: z.int().min(1).max(64) }),
    ]),
    resize,
    /** float32 only: value = (pixel · scale − mean) / std, mean and std in the order of `colour`. */
    scale: finite.positive().default(1),
    mean: perChannel.default([0, 0, 0]),
    std: z.tuple([finite.positive(), finite.positive(), finite.positive()]).default([1, 1, 1]),
  })
  .refine(
    (i) =>
      i.dtype === 'float32' || (i.scale === 1 && i.mean.every((m) => m === 0) && i.std.every((s) => s === 1)),
    { error: 'a uint8 input takes pixels as they are: leave scale, mean and std out', path: ['dtype'] },
  );

const output = z.strictObject({
  name: text.min(1),
  /** `probability` of the positive label; its `logit`; or `two-class`: two logits, of which a softmax is taken. */
  kind: z.enum(['probability', 'logit', 'two-class']),
});

/**
 * Moves the decision point to 0.5: p = sigmoid((logit − bias) / temperature).
 * `inGraph` says that the graph's output already is calibrated; the values are then for the record.
 */
const calibration = z.strictObject({
  inGraph: z.boolean(),
  temperature: finite.positive(),
  bias: finite,
});

const metric = z.strictObject({
  /** What was measured on, for example "drawn scenes, seeds 900000-900799". */
  dataset: text.min(1),
  /** Under which condition, for example "generation 1, level 2". */
  condition: text.optional(),
  samples: z.int().positive(),
  /** Named figures such as balancedAccuracy, mcc, accuracy. */
  values: z.record(z.string().min(1).max(100), finite),
});

/** Of a model that `train` made: what another run would need to come to the same. */
const training = z.strictObject({
  recipe: text.min(1),
  kind: text.min(1),
  seed: z.int().nonnegative(),
  /** A timm id, or one of the trainer's own nets. */
  backbone: z.strictObject({ id: text.min(1), parameters: z.int().positive() }),
  /** The weights that it began with; null: random ones. */
  base: z
    .strictObject({
      id: text.min(1),
      licence: text.min(1),
      /** `hub`, or the name of a file. */
      weights: text.min(1),
      /** Whether that licence binds this model, so that its text lies in the bundle. */
      binds: z.boolean(),
    })
    .nullable(),
  data: z
    .array(
      z.strictObject({
        name: text.min(1),
        /** SHA-256 of the dataset's list of pictures. */
        fingerprint: z
          .string()
          .regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hexadecimal digits' }),
        /** All licences and attributions of its sources. */
        licence: text.min(1),
        attribution: text.nullable(),
        sources: z.array(
          z.strictObject({
            title: text.min(1),
            licence: text.min(1),
            attribution: text.nullable(),
            url: text.nullable(),
          }),
        ),
      }),
    )
    .min(1)
    .max(100),
  pictures: z.strictObject({
    train: z.int().nonnegative(),
    validation: z.int().nonnegative(),
    test: z.int().nonnegative(),
  }),
  steps: z.int().nonnegative(),
  /** Of the fit alone. */
  seconds: finite.nonnegative(),
  hardware: text.min(1),
  /** Of packages, by name. */
  versions: z.record(z.string().min(1).max(100), z.string().max(100)),
});

const provenance = z.strictObject({
  /** Who or what made the model: a person, a project, a command. */
  by: text.min(1),
  /** When, ISO 8601 with offset or Z. */
  at: z.iso.datetime({ offset: true }),
  /** From what: data, starting weights, code version. */
  from: text.min(1),
  /** The command that makes it again. */
  command: text.optional(),
});

/** The manifest `sv72.json` of a model bundle. Unknown fields are refused: a typo must not change a prediction. */
export const manifestSchema = z
  .strictObject({
    format: z.literal(BUNDLE_FORMAT),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, { error: 'must be lower-case letters, digits, dot, dash, _' }),
    version: z.string().max(100).regex(SEMVER, { error: 'must be a semantic version such as 1.2.3' }),
    description: text,
    /** SPDX identifier or name of the licence of the weights. */
    licence: text.min(1),
    /** A demonstration model: it must not be served on a live network. */
    demo: z.boolean().default(false),
    files: z.array(file).min(1).max(200),
    input,
    output,
    positive: z.strictObject({
      label: text.min(1),
      /** Which of two classes is the positive one; only used by `two-class` outputs. */
      index: z.union([z.literal(0), z.literal(1)]).default(1),
    }),
    calibration: calibration.default({ inGraph: true, temperature: 1, bias: 0 }),
    metrics: z.array(metric).max(500).default([]),
    training: training.optional(),
    /** Models that were made from another one of the bundle, each with the proof that it is as good. */
    variants: z.array(variantSchema).max(50).optional(),
    provenance,
  })
  .superRefine((manifest, ctx) => {
    const paths = new Set<string>();
    const names = new Set<string>();
    const variants = new Map(manifest.variants?.map((variant) => [variant.path, variant]));
    manifest.files.forEach((f, index) => {
      if (paths.has(f.path)) {
        ctx.addIssue({
          code: 'custom',
          message: `"${f.path}" is listed twice`,
          path: ['files', index, 'path'],
        });
      }
      paths.add(f.path);
      if (f.role === 'model') {
        const name = variants.get(f.path)?.name ?? f.precision ?? '';
        if (names.has(name)) {
          ctx.addIssue({
            code: 'custom',
            message: `there is more than one ${name} model`,
            path: ['files', index, 'precision'],
          });
        }
        names.add(name);
      }
    });
    if (names.size === 0) {
      ctx.addIssue({ code: 'custom', message: 'no file has the role model', path: ['files'] });
    }
    manifest.variants?.forEach(({ path, from }, index) => {
      const listed = manifest.files.find((f) => f.path === path);
      if (listed?.role !== 'model' || path === from.path) {
        ctx.addIssue({
          code: 'custom',
          message: `"${path}" is no model of its own in files`,
          path: ['variants', index, 'path'],
        });
      }
    });
    if (variants.size < (manifest.variants?.length ?? 0)) {
      ctx.addIssue({ code: 'custom', message: 'two records are of one file', path: ['variants'] });
    }
  });

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestInput = z.input<typeof manifestSchema>;
export type BundleFile = Manifest['files'][number];
export type BundleInput = Manifest['input'];
export type BundleOutput = Manifest['output'];
export type ResizeRule = BundleInput['resize'];
export type Calibration = Manifest['calibration'];
export type Precision = z.infer<typeof precision>;
