import { type BundleModel, chooseModel, loadBundle, type VerifiedBundle } from '../../bundle/index.ts';
import type { WantedModel } from '../types.ts';
import type { VramModel } from './plan.ts';
import { chatModelSize, chatRuntimeBytes } from './weights.ts';

const MIB = 2 ** 20;

/** CUDA's context, cuDNN and cuBLAS, for each process that uses a GPU. */
const CONTEXT = 700 * MIB;
/** Working memory of a classifier for a batch. */
const WORKSPACE = 256 * MIB;

/** A model of a bundle, and which of its files runs. */
export interface ChosenModel {
  readonly bundle: VerifiedBundle;
  readonly model: BundleModel;
}

/**
 * What a model of a bundle is on a GPU, or the CPU.
 *
 * @throws Sv72Error those of `loadBundle` and `chooseModel`
 */
export async function chosenModel(wanted: WantedModel, onGpu: boolean): Promise<ChosenModel | null> {
  if (wanted.bundleDir === null) return null;
  const bundle = await loadBundle(wanted.bundleDir);
  const { model } = chooseModel(bundle.manifest, onGpu ? 'cuda' : 'cpu', wanted);
  return { bundle, model };
}

/**
 * What a model takes on a GPU.
 *
 * @param hub folder of the Hub's downloads
 * @param runsOn number of the GPU that it runs on already, or null
 * @throws Sv72Error ERR_SERVING_WEIGHTS
 */
export async function vramModel(
  wanted: WantedModel,
  chosen: ChosenModel | null,
  hub: string,
  runsOn: number | null,
): Promise<VramModel> {
  const { id, kind, gpu, server, processes } = wanted;
  const common = { id, kind, gpu, runsOn };
  if (chosen === null || server === null) {
    if (server?.weights) return await chatModel(wanted, server.weights, hub, runsOn);
    const copies = Math.max(1, processes);
    const bytes = chosen === null ? 0 : bytesOf(chosen);
    return {
      ...common,
      what: labelOf(id, chosen),
      weightsBytes: copies * bytes,
      runtimeBytes: copies * (CONTEXT + WORKSPACE + bytes / 2),
      kv: null,
      needsGpu: wanted.device === 'cuda' || wanted.device === 'tensorrt',
      from: 'files',
    };
  }
  const bytes = bytesOf(chosen);
  return {
    ...common,
    what: labelOf(id, chosen),
    weightsBytes: bytes,
    runtimeBytes: CONTEXT + WORKSPACE + Math.round(bytes / 2),
    kv: null,
    needsGpu: wanted.device === 'cuda' || wanted.device === 'tensorrt',
    from: 'files',
  };
}

async function chatModel(
  { id, kind, gpu, server }: WantedModel,
  weights: NonNullable<NonNullable<WantedModel['server']>['weights']>,
  hub: string,
  runsOn: number | null,
): Promise<VramModel> {
  const { memoryBytes = null, context = 0, sequences = 0 } = server ?? {};
  const size = await chatModelSize(weights, memoryBytes, hub);
  return {
    ...{ id, kind, gpu, runsOn },
    what: `${id}: ${weights.from === 'hub' ? weights.name : weights.path}`,
    weightsBytes: size.weightsBytes,
    runtimeBytes: chatRuntimeBytes(size.weightsBytes),
    kv: { bytesPerToken: size.kvBytesPerToken, context, sequences },
    needsGpu: true,
    from: size.from,
  };
}

function labelOf(id: string, chosen: ChosenModel | null): string {
  if (chosen === null) return id;
  const { name, version } = chosen.bundle.manifest;
  return `${id}: ${name} ${version} (${chosen.model.name})`;
}

/** The graph, and its weights where they lie beside it. */
function bytesOf({ bundle, model }: ChosenModel): number {
  return bundle.manifest.files
    .filter(({ path, role }) => path === model.file.path || role === 'model-data')
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
