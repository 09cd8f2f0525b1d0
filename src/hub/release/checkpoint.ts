import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { BundleFile, Manifest } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';

/** The weights in the form of transformers, as a bundle holds them. */
export interface Checkpoint {
  readonly weights: BundleFile;
  readonly config: BundleFile;
  /** How a picture becomes numbers; without it the pipeline takes it from the configuration. */
  readonly preprocessor: BundleFile | undefined;
}

/**
 * The checkpoint of a bundle: a `model.safetensors` and a `config.json` in one folder, of role other.
 *
 * @returns the checkpoint, or why there is none, a sentence for people
 */
export function findCheckpoint(manifest: Manifest): Checkpoint | string {
  const others = manifest.files.filter(({ role }) => role === 'other');
  const beside = (file: BundleFile, name: string) =>
    others.find(({ path }) => path === join(dirname(file.path), name));
  const all = others.filter(({ path }) => path.endsWith('.safetensors'));
  const weights = all.find(({ path }) => /(^|\/)model\.safetensors$/.test(path));
  if (weights === undefined) {
    return all[0] === undefined
      ? 'The bundle holds no checkpoint, so the repository has the ONNX form alone and transformers’ image-classification pipeline cannot load it.'
      : `The bundle holds weights (${all[0].path}), but not as model.safetensors beside a config.json, so transformers’ image-classification pipeline cannot load the repository.`;
  }
  const config = beside(weights, 'config.json');
  if (config === undefined) {
    return `The bundle has ${weights.path} without a config.json beside it, so transformers’ image-classification pipeline cannot load the repository.`;
  }
  return { weights, config, preprocessor: beside(weights, 'preprocessor_config.json') };
}

const config = z.looseObject({
  architecture: z.string().optional(),
  architectures: z.array(z.string()).optional(),
  model_type: z.string().optional(),
  model_args: z.record(z.string(), z.unknown()).nullish(),
  label_names: z.array(z.string()).optional(),
  id2label: z.record(z.string(), z.string()).optional(),
});

/**
 * The configuration as it is published. What timm 1.0.31 writes has `model_args.num_classes`, with which
 * transformers 5 fails ("multiple values for keyword argument 'num_classes'"): it is taken out.
 *
 * @throws Sv72Error ERR_RELEASE_CHECKPOINT
 */
function publishedConfig(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad('config.json is no JSON', cause);
  }
  const parsed = config.safeParse(value);
  if (!parsed.success) throw bad('config.json is not the configuration of a model', parsed.error);
  const { model_args, ...rest } = parsed.data;
  if (rest.architecture === undefined && rest.model_type === undefined && rest.architectures === undefined)
    throw bad('config.json names no architecture');
  const labels = rest.label_names ?? Object.values(rest.id2label ?? {});
  if (labels.length !== 2)
    throw bad(
      `config.json has ${labels.length} labels, not the two (None, Roadwork) that the pipeline answers with`,
    );
  if (model_args === undefined || model_args === null || !('num_classes' in model_args)) return text;
  const { num_classes: _, ...args } = model_args;
  return `${JSON.stringify({ ...rest, model_args: args }, null, 2)}\n`;
}

const MOST_HEADER = 25_000_000;
const tensors = z.record(
  z.string(),
  z.union([
    z.looseObject({ data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]) }),
    z.record(z.string(), z.string()),
  ]),
);

/**
 * Checks that a file is safetensors and whole: a header of plausible size whose tensors fill the file.
 *
 * @throws Sv72Error ERR_RELEASE_CHECKPOINT
 */
async function checkSafetensors(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'r');
  try {
    const start = Buffer.alloc(8);
    await file.read(start, 0, 8, 0);
    const length = Number(start.readBigUInt64LE());
    if (bytes < 8 || length < 2 || length > Math.min(MOST_HEADER, bytes - 8)) throw bad('it has no header');
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, 8);
    const parsed = tensors.safeParse(JSON.parse(header.toString('utf8')));
    if (!parsed.success) throw bad('its header is not one of safetensors', parsed.error);
    const ends = Object.values(parsed.data).map((entry) =>
      Array.isArray(entry.data_offsets) ? entry.data_offsets[1] : 0,
    );
    if (Math.max(0, ...ends) !== bytes - 8 - length) throw bad('its tensors do not fill the file');
  } catch (error) {
    if (error instanceof Sv72Error) throw error;
    throw bad('its header cannot be read', error);
  } finally {
    await file.close();
  }
}

/** The configuration's text, and the weights checked. @throws Sv72Error ERR_RELEASE_CHECKPOINT, ERR_FILE_READ */
export async function readCheckpoint(dir: string, { weights, config: file }: Checkpoint): Promise<string> {
  await checkSafetensors(join(dir, weights.path), weights.bytes);
  return publishedConfig(await readFile(join(dir, file.path), 'utf8'));
}

function bad(why: string, cause?: unknown): Sv72Error {
  return new Sv72Error('ERR_RELEASE_CHECKPOINT', `The checkpoint cannot be published: ${why}.`, { cause });
}
