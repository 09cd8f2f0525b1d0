import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import type { CachedEngine } from './cache.ts';

/** What Triton calls the model. */
const MODEL = 'roadwork';

/**
 * Puts an engine into a model repository of Triton: `roadwork/1/model.plan` and its configuration.
 *
 * @returns the model's folder
 * @throws Sv72Error ERR_FILE_WRITE
 */
export async function writeRepository(
  root: string,
  { plan, record }: CachedEngine,
  manifest: Manifest,
): Promise<string> {
  const folder = join(root, MODEL);
  const target = join(folder, '1', 'model.plan');
  try {
    await mkdir(join(folder, '1'), { recursive: true });
    await copyFile(plan, `${target}.new`);
    await rename(`${target}.new`, target);
    await writeFile(join(folder, 'config.pbtxt'), configuration(record.key.profile, manifest));
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_WRITE', `The engine could not be put into ${root}.`, { cause });
  }
  return folder;
}

/** Triton's model configuration; shapes are without the batch. */
function configuration(
  profile: { readonly best: number; readonly most: number },
  manifest: Manifest,
): string {
  const { input, output } = manifest;
  const [height, width] = input.size;
  const dims = input.layout === 'nhwc' ? [height, width, 3] : [3, height, width];
  const values = output.kind === 'two-class' ? 2 : 1;
  return [
    `name: "${MODEL}"`,
    'platform: "tensorrt_plan"',
    `max_batch_size: ${profile.most}`,
    `input [{ name: "${input.name}" data_type: ${input.dtype === 'uint8' ? 'TYPE_UINT8' : 'TYPE_FP32'} dims: [${dims.join(', ')}] }]`,
    `output [{ name: "${output.name}" data_type: TYPE_FP32 dims: [${values}] }]`,
    `dynamic_batching { preferred_batch_size: [${profile.best}] max_queue_delay_microseconds: 2000 }`,
    'instance_group [{ count: 1 kind: KIND_GPU }]',
    '',
  ].join('\n');
}
