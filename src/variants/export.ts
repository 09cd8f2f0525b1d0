import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import {
  loadBundle,
  MANIFEST_NAME,
  type NewBundleFile,
  ourInterface,
  type ResizeRule,
  type VerifiedBundle,
  type WriteBundleOptions,
  writeBundle,
} from '../bundle/index.ts';
import { isThere } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { JobResult, JobSpec } from '../jobs/index.ts';

import { outcomeOf } from './outcome.ts';
import { workFolder } from './work-folder.ts';

export interface ExportOptions {
  /** A bundle of `train`, the folder of a run, or a timm model in the form of transformers. */
  readonly source: string;
  /** The bundle to write. */
  readonly output: string;
  readonly replace: boolean;
  /** Where the source is no bundle. */
  readonly name: string | undefined;
  readonly version: string;
  readonly licence: string;
  readonly fit: ResizeRule['fit'];
  readonly by: string;
  readonly scratch?: string;
  /** Folders that running jobs write to: not to be cleared. */
  readonly inUse?: (() => Promise<readonly string[]>) | undefined;
  readonly now?: () => number;
}

export interface Exporting {
  readonly spec: JobSpec;
  /** @throws Sv72Error ERR_EXPORT, ERR_INTERRUPTED, those of `writeBundle` */
  finish(result: JobResult): Promise<{ readonly bundle: VerifiedBundle; readonly from: string }>;
  close(): Promise<void>;
}

const GRAPH = 'model.onnx';

/**
 * Makes the ONNX graph of weights again, in a bundle of its own. From a bundle everything is taken but its models: their
 * variants were proved for another graph.
 *
 * @throws Sv72Error ERR_FILE_READ, ERR_BUNDLE_EXISTS, those of `loadBundle`
 */
export async function prepareExport(options: ExportOptions): Promise<Exporting> {
  const source = resolve(options.source);
  if (!(await isThere(source))) {
    throw new Sv72Error('ERR_FILE_READ', `There is no folder ${source}.`, { details: { path: source } });
  }
  const old = (await isThere(join(source, MANIFEST_NAME))) ? await loadBundle(source) : undefined;
  if (!options.replace && (await isThere(options.output))) {
    const dir = resolve(options.output);
    throw new Sv72Error('ERR_BUNDLE_EXISTS', `${dir} already exists.`, { details: { dir } });
  }
  const work = await workFolder('sv72-export-', { parent: options.scratch, inUse: options.inUse });
  return {
    spec: {
      kind: 'export-onnx',
      title: `ONNX graph of ${basename(source)}`,
      environment: 'train',
      image: { kind: 'build' },
      command: [
        ...['python', '-m', 'sv72_train.reexport'],
        ...['--from', { mount: 'source' }, '--out', { mount: 'work', path: GRAPH }],
      ],
      mounts: [
        { name: 'work', host: work },
        { name: 'source', host: source, readonly: true },
      ],
      env: {},
      gpus: 'none',
      limits: {},
      needs: { diskBytes: 500_000_000 },
      stopGraceMs: 2_000,
      network: 'none',
    },
    finish: async (result) => finish(options, old, work, exportedBy(result)),
    close: () => rm(work, { recursive: true, force: true }),
  };
}

const exported = z.object({
  what: z.string(),
  bias: z.number().nullable().default(null),
  temperature: z.number().nullable().default(null),
});
const exportedBy = (result: JobResult): z.infer<typeof exported> =>
  outcomeOf(result, exported, { code: 'ERR_EXPORT', what: 'The graph could not be made' });

async function finish(
  options: ExportOptions,
  old: VerifiedBundle | undefined,
  work: string,
  { what, bias, temperature }: z.infer<typeof exported>,
): Promise<{ bundle: VerifiedBundle; from: string }> {
  const graph: NewBundleFile = {
    path: GRAPH,
    role: 'model',
    precision: 'fp32',
    content: { copyFrom: join(work, GRAPH) },
  };
  const beside = (await isThere(join(work, `${GRAPH}.data`)))
    ? [
        {
          path: `${GRAPH}.data`,
          role: 'model-data' as const,
          content: { copyFrom: join(work, `${GRAPH}.data`) },
        },
      ]
    : [];
  const calibration = { inGraph: true, temperature: temperature ?? 1, bias: bias ?? 0 };
  const bundle = await writeBundle({
    dir: options.output,
    replace: options.replace,
    manifest: old === undefined ? freshManifest(options, what, calibration) : sameManifest(old),
    files: [graph, ...beside, ...(old === undefined ? [] : kept(old))],
  });
  return { bundle, from: what };
}

function sameManifest({ manifest }: VerifiedBundle): WriteBundleOptions['manifest'] {
  const { format, files, variants, ...same } = manifest;
  return same;
}

function kept(old: VerifiedBundle): NewBundleFile[] {
  return old.manifest.files.flatMap((file) =>
    ['model', 'model-data', 'engine'].includes(file.role)
      ? []
      : [{ path: file.path, role: file.role, content: { copyFrom: old.pathOf(file) } }],
  );
}

function freshManifest(
  options: ExportOptions,
  what: string,
  calibration: NonNullable<WriteBundleOptions['manifest']['calibration']>,
): WriteBundleOptions['manifest'] {
  const name = (options.name ?? basename(resolve(options.source)))
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-');
  return {
    name: name.replace(/^[^a-z0-9]+/, '') || 'model',
    version: options.version,
    description: `Recognises road works in street images: ${what}.`,
    licence: options.licence,
    ...ourInterface(options.fit),
    calibration,
    provenance: {
      by: options.by,
      at: new Date((options.now ?? Date.now)()).toISOString(),
      from: `weights of ${what} in ${basename(resolve(options.source))}`,
    },
  };
}
