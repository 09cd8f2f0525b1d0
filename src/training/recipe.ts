import { z } from 'zod';

export const RECIPE_FORMAT = 1;

/** How a model is trained. `distill` is `finetune` with a teacher. */
const KINDS = ['head', 'finetune', 'lora', 'distill'] as const;

/** The trainer's own nets, which nobody has trained before. */
const isOwn = (id: string): boolean => id.startsWith('plain-');

const share = z.number().min(0).max(1);
const rate = z.number().positive().max(10);
const decay = z.number().min(0).max(1);
const epochs = z.int().min(1).max(10_000);

const backbone = z
  .strictObject({
    /** One of the trainer's own nets (plain-s, plain-m) or a timm id. */
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/, { error: 'must be the id of a model of timm' }),
    /** Whether it begins with the weights that its id names, as all of timm do by default; else with random ones. */
    pretrained: z.boolean().optional(),
    dropPath: share.default(0),
  })
  .transform(({ id, pretrained, dropPath }) => ({
    id,
    pretrained: pretrained ?? !isOwn(id),
    dropPath,
  }));

const optimizer = z.strictObject({
  /** Highest learning rate. */
  lr: rate,
  weightDecay: z.number().min(0).max(10).default(0.05),
  /** Each layer below the head learns at this much of the rate above it. */
  layerDecay: z.number().positive().max(1).default(1),
  /** Share of the steps in which the rate rises. */
  warmUp: share.default(0.1),
  /** Most that the norm of the gradients may be. */
  clip: z.number().positive().default(1),
});

const weight = z.number().min(0).max(1_000);

const views = z.strictObject({
  /** Weights of the validators' generations 1, 2 and 3. */
  generations: z
    .tuple([weight, weight, weight])
    .refine((weights) => weights.some((w) => w > 0), { error: 'one of the generations must be above 0' })
    .default([1, 1, 1]),
  /** Weights of the levels 0 to 3 of generations 1 and 2; validators draw them alike. */
  levels: z
    .tuple([weight, weight, weight, weight])
    .refine((weights) => weights.some((w) => w > 0), { error: 'one of the levels must be above 0' })
    .default([1, 1, 1, 1]),
  /** How validators compute saturation and noise; nobody knows which. */
  colours: z.enum(['bytes', 'floats', 'mixed']).default('mixed'),
  /** Share of generation 1's crops that may lose the road works. */
  freeCrop: share.default(0),
  /** 0: a new view each time; n: n views of each picture, made once and stored. */
  stored: z.int().min(0).max(1_000).default(0),
  /** Mirrors half of the views. */
  flip: z.boolean().default(true),
  /** A brightness factor between 1 − b and 1 + b. */
  brightness: z.number().min(0).max(0.9).default(0),
});

const hardNegatives = z.strictObject({
  /** How much of the negatives of an epoch come from the pool. */
  share,
  /** How much of all negatives the pool holds. */
  pool: share,
  /** Epochs between two looks at all negatives. */
  every: epochs.default(2),
});

const curriculum = z.strictObject({
  /** Share of the steps that see easy levels alone. */
  share,
  /** The highest of those. */
  levels: z.int().min(0).max(3).default(1),
});

const lora = z.strictObject({
  rank: z.int().min(1).max(1_024).default(16),
  alpha: z.number().positive().default(32),
  dropout: share.default(0.05),
  /** Regular expression of whole names of linear layers. */
  targets: z.string().max(500).default('.*\\.attn\\.(qkv|proj)|.*\\.mlp\\.fc[12]'),
});

const distill = z.strictObject({
  /** Share of the loss that the teacher's soft label has. */
  weight: share.default(0.3),
  temperature: z.number().positive().max(100).default(2),
});

/** A recipe as it lies in a file. Unknown fields are refused: a typo must not change a training. */
export const recipeSchema = z
  .strictObject({
    format: z.literal(RECIPE_FORMAT).default(RECIPE_FORMAT),
    name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, {
      error: 'must be lower-case letters, digits, dot, dash, _',
    }),
    description: z.string().max(1_000).default(''),
    kind: z.enum(KINDS),
    backbone,
    epochs,
    /** Views of a step, of all GPUs together. */
    batch: z.int().min(2).max(65_536),
    optimizer,
    views: views.prefault({}),
    /** Both classes alike, as validators ask for both alike. */
    balanced: z.boolean().default(true),
    labelSmoothing: z.number().min(0).max(0.5).default(0),
    /** Decay of the moving average of the weights. */
    ema: decay.default(0.999),
    precision: z.enum(['fp32', 'bf16']).default('fp32'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31)
      .default(72),
    hardNegatives: hardNegatives.optional(),
    curriculum: curriculum.optional(),
    lora: lora.optional(),
    distill: distill.optional(),
    /** Views of each validation and test picture. */
    measuredViews: z.int().min(1).max(100).default(4),
    /** Shorter side of the pictures in the cache, pixels; 0: pictures are read as they are. */
    cacheSide: z.int().min(0).max(8_192).default(768),
    /** How a picture that is not 224 × 224 is brought to that. */
    fit: z.enum(['stretch', 'letterbox', 'cover-crop']).default('letterbox'),
  })
  .superRefine((recipe, ctx) => {
    const wrong = (path: string, message: string): void => {
      ctx.addIssue({ code: 'custom', message, path: path.split('.') });
    };
    if (recipe.backbone.pretrained && isOwn(recipe.backbone.id))
      wrong('backbone.pretrained', `${recipe.backbone.id} has no trained weights: it must be false`);
    if (recipe.kind === 'head' && recipe.views.stored === 0)
      wrong('views.stored', 'a head is trained on stored views: it must be above 0');
    if (recipe.kind === 'lora' && recipe.lora === undefined) wrong('lora', 'is missing');
    if (recipe.kind === 'distill' && recipe.distill === undefined) wrong('distill', 'is missing');
    const { curriculum, views } = recipe;
    if (curriculum !== undefined && !views.levels.slice(0, curriculum.levels + 1).some((w) => w > 0))
      wrong('curriculum.levels', 'none of the easy levels is above 0 in views.levels');
    if (recipe.hardNegatives !== undefined && !recipe.balanced)
      wrong('hardNegatives', 'needs balanced classes');
    if (recipe.cacheSide !== 0 && recipe.cacheSide < 501)
      wrong('cacheSide', 'must be at least 501, or crops of validators would be made larger than they are');
  });

export type Recipe = z.infer<typeof recipeSchema>;
