import { z } from 'zod';
import type { Manifest } from '../../bundle/index.ts';

const text = z.string().catch('');

/** What a bundle may say about its training; each part is taken if it is there. */
const training = z.looseObject({
  recipe: z.union([z.string(), z.looseObject({ name: z.string().optional() })]).optional(),
  data: z
    .array(
      z.looseObject({
        name: z.string(),
        fingerprint: text.optional(),
        licence: text.optional(),
        attribution: text.optional(),
      }),
    )
    .catch([])
    .default([]),
  base: z.looseObject({ id: z.string(), licence: text.optional() }).nullish(),
  versions: z.record(z.string(), z.string()).catch({}).default({}),
  hardware: z.unknown().optional(),
  seconds: z.number().optional(),
  seed: z.number().optional(),
});

export type Training = z.infer<typeof training>;

/** undefined where the manifest says nothing of its training. */
export function trainingOf(manifest: Manifest): Training | undefined {
  const found = training.safeParse('training' in manifest ? manifest.training : undefined);
  return found.success ? found.data : undefined;
}

/** The Hub's id of the weights it began with, for `base_model`; undefined for one trained from nothing. */
export function baseModelId(found: Training | undefined): string | undefined {
  const id = found?.base?.id;
  if (id === undefined || id === '') return undefined;
  if (/^[\w.-]+\/[\w.-]+$/.test(id)) return id;
  // Architectures of timm with their tag, as the Hub has them.
  return /^[\w-]+\.[\w-]+$/.test(id) ? `timm/${id}` : undefined;
}
