import { hash } from 'node:crypto';
import { z } from 'zod';

/** Batch sizes that an engine is built for. */
const profileSchema = z.strictObject({
  least: z.int().positive(),
  best: z.int().positive(),
  most: z.int().positive(),
});

/** What an engine depends on: with any of these another, it does not load or is not the same model. */
export const engineKeySchema = z.strictObject({
  /** SHA-256 of the ONNX file it was built from. */
  graph: z.string().regex(/^[0-9a-f]{64}$/),
  gpu: z.string().min(1),
  /** Compute capability, for example "8.9". */
  capability: z.string().min(1),
  /** For example "11.4.0". */
  tensorrt: z.string().min(1),
  profile: profileSchema,
});

export type Profile = z.infer<typeof profileSchema>;
export type EngineKey = z.infer<typeof engineKeySchema>;

/** Name of an engine's folder in the cache. */
export function engineId({ graph, gpu, capability, tensorrt, profile }: EngineKey): string {
  const { least, best, most } = profile;
  return hash('sha256', JSON.stringify([graph, gpu, capability, tensorrt, least, best, most])).slice(0, 32);
}

/** Name of the folder with what TensorRT measured: with another GPU or image it is worth nothing. */
export function timingsId(image: string, gpu: { readonly name: string } | undefined): string {
  return hash('sha256', JSON.stringify([image, gpu?.name ?? null])).slice(0, 16);
}
