import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Manifest } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { CachedEngine } from '../../variants/index.ts';
import type { ChosenModel } from '../vram/needs.ts';
import { type TritonModel, tritonConfig } from './config.ts';

/** What `export-trt --repository` calls the model. */
const ENGINE_NAME = 'roadwork';

/** What goes into a model repository. */
export interface TritonSource {
  readonly model: TritonModel;
  /** Files to copy, by their names in the version's folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** A model of a bundle as Triton's ONNX backend runs it. */
export function onnxSource(name: string, chosen: ChosenModel, device: 'gpu' | 'cpu'): TritonSource {
  const { manifest, dir } = chosen.bundle;
  const { batch } = manifest.input;
  const folder = dirname(chosen.model.file.path);
  // A graph names its external weights relative to itself.
  const data = manifest.files
    .filter(({ role, path }) => role === 'model-data' && dirname(path) === folder)
    .map(({ path }) => [path.slice(folder === '.' ? 0 : folder.length + 1), join(dir, path)] as const);
  return {
    model: {
      name,
      form: 'onnx',
      manifest,
      batch: batch.kind === 'dynamic' ? { best: null, most: batch.max } : null,
      device,
    },
    files: new Map([['model.onnx', chosen.bundle.pathOf(chosen.model.file)], ...data]),
  };
}

/** A TensorRT engine of the cache. */
export function engineSource(
  { plan, record }: CachedEngine,
  manifest: Manifest,
  name = ENGINE_NAME,
): TritonSource {
  const { best, most } = record.key.profile;
  return {
    model: { name, form: 'plan', manifest, batch: { best, most }, device: 'gpu' },
    files: new Map([['model.plan', plan]]),
  };
}

/**
 * Puts a model into a model repository of Triton, in place of the one of that name.
 *
 * @returns the model's folder
 * @throws Sv72Error ERR_FILE_WRITE
 */
export async function writeRepository(root: string, { model, files }: TritonSource): Promise<string> {
  const folder = join(root, model.name);
  const fresh = join(root, `.${model.name}.new`);
  try {
    await rm(fresh, { recursive: true, force: true });
    await mkdir(join(fresh, '1'), { recursive: true });
    for (const [name, from] of files) {
      await copyFile(from, join(fresh, '1', name), constants.COPYFILE_FICLONE);
    }
    await writeFile(join(fresh, 'config.pbtxt'), tritonConfig(model));
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true }).catch(() => {});
    throw new Sv72Error('ERR_FILE_WRITE', `The model could not be put into ${root}.`, { cause });
  }
  return folder;
}
