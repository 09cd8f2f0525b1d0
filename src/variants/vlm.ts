import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { isThere } from '../config/index.ts';
import { openDataset, writeFailed } from '../data/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { type HubToken, textOf } from '../hub-token/index.ts';
import type { CommandWord, JobResult, JobSpec, Mount } from '../jobs/index.ts';

import { outcomeOf } from './outcome.ts';
import { workFolder } from './work-folder.ts';

/** Smaller forms of a vision-language model, as vLLM reads them. */
export const VLM_KINDS = ['vlm-w4a16', 'vlm-fp8'] as const;
export type VlmKind = (typeof VLM_KINDS)[number];

export interface VlmOptions {
  readonly kind: VlmKind;
  /** A folder with the model, or its id on the Hub. */
  readonly model: string;
  /** Folder to write. */
  readonly output: string;
  /** Dataset folder; vlm-w4a16 calibrates with its training pictures. */
  readonly data: string | undefined;
  /** Pictures that calibration looks at. */
  readonly calibration: number;
  /** Folder of the Hub's cache. */
  readonly hub: string;
  /** Looked for where the model is the Hub's, for a gated one; reaches the job in its environment alone. */
  readonly token: () => Promise<HubToken | undefined>;
  /** Folders that running jobs write to: not to be cleared. */
  readonly inUse?: (() => Promise<readonly string[]>) | undefined;
}

export interface VlmQuantizing {
  readonly spec: JobSpec;
  /** @throws Sv72Error ERR_QUANTIZE, ERR_INTERRUPTED, ERR_FILE_WRITE */
  finish(result: JobResult): Promise<VlmQuantized>;
  close(): Promise<void>;
}

const made = z.object({
  bytes: z.int().positive(),
  sourceBytes: z.int().positive(),
  format: z.string().nullable(),
  tools: z.record(z.string(), z.string()),
});

export type VlmQuantized = z.infer<typeof made> & { readonly output: string };

const HUB_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/**
 * The job that makes a vision-language model smaller, in llm-compressor's own environment and on a GPU. It is no variant
 * of a bundle: whether its answers are as good is measured where it serves.
 *
 * @throws Sv72Error ERR_USAGE, ERR_BUNDLE_EXISTS, ERR_HUB_TOKEN, those of `openDataset`
 */
export async function prepareVlm(options: VlmOptions): Promise<VlmQuantizing> {
  const { kind, model, data, calibration, hub } = options;
  const output = resolve(options.output);
  const local = await isThere(model);
  if (!local && !HUB_ID.test(model)) {
    throw new Sv72Error(
      'ERR_USAGE',
      `"${model}" is neither a folder nor an id on the Hub such as Qwen/Qwen3.5-4B.`,
    );
  }
  if (await isThere(output)) {
    throw new Sv72Error('ERR_BUNDLE_EXISTS', `${output} already exists.`, { details: { path: output } });
  }
  if (kind === 'vlm-w4a16' && data === undefined) {
    throw new Sv72Error('ERR_USAGE', 'vlm-w4a16 looks at pictures: name a dataset with --data.');
  }
  if (data !== undefined) await openDataset(data);
  await mkdir(dirname(output), { recursive: true }).catch((error: unknown) => {
    throw writeFailed(`folder ${dirname(output)}`, error);
  });
  const token = local ? undefined : await options.token();
  const work = await workFolder(`.${basename(output)}.new-`, {
    parent: dirname(output),
    inUse: options.inUse,
  });
  const mounts: Mount[] = [
    { name: 'work', host: work },
    { name: 'hub', host: hub },
    ...(local ? [{ name: 'model', host: resolve(model), readonly: true }] : []),
    ...(kind === 'vlm-w4a16' && data !== undefined
      ? [{ name: 'data', host: resolve(data), readonly: true }]
      : []),
  ];
  await mkdir(hub, { recursive: true });
  const calibrating: CommandWord[] =
    kind === 'vlm-w4a16' ? ['--data', { mount: 'data' }, '--samples', String(calibration)] : [];
  return {
    spec: {
      kind: 'quantize-vlm',
      title: `${model} to ${kind}`,
      environment: 'llm-compressor',
      image: { kind: 'build' },
      command: [
        ...['python', '-m', 'sv72_train.llm', '--to', kind],
        ...['--model', local ? { mount: 'model' } : model, '--out', { mount: 'work', path: 'model' }],
        ...calibrating,
      ],
      mounts,
      env: { HF_HOME: { mount: 'hub' } },
      ...(token !== undefined && { secrets: { HF_TOKEN: textOf(token) } }),
      gpus: 'all',
      limits: { shmBytes: 2 ** 30 },
      needs: { gpu: true, diskBytes: 40e9, vramBytes: 16 * 2 ** 30 },
      stopGraceMs: 5_000,
    },
    finish: async (result) => finish(result, join(work, 'model'), output),
    close: () => rm(work, { recursive: true, force: true }),
  };
}

async function finish(result: JobResult, folder: string, output: string): Promise<VlmQuantized> {
  const outcome = outcomeOf(result, made, { code: 'ERR_QUANTIZE', what: 'The model could not be converted' });
  try {
    await rename(folder, output);
  } catch (cause) {
    throw new Sv72Error('ERR_FILE_WRITE', `The model could not be put into ${output}.`, { cause });
  }
  return { ...outcome, output };
}
