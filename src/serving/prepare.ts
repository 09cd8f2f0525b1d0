import { join } from 'node:path';
import { cacheFolder, dataFolder, type Surroundings } from '../config/index.ts';
import { type Gpu, listGpus } from '../jobs/index.ts';
import { containerSpec, type ServingFolders, servedName } from './container.ts';
import { readTemplate } from './template.ts';
import { onnxSource, type TritonSource } from './triton/repository.ts';
import type { ContainerSpec, WantedModel } from './types.ts';
import { type ChosenModel, chosenModel, vramModel } from './vram/needs.ts';
import { type PlacedModel, planVram, type VramPlan } from './vram/plan.ts';
import { hubFolder } from './vram/weights.ts';

export interface PrepareOptions {
  readonly surroundings: Surroundings;
  readonly packageRoot: string;
  /** This machine's, where left out. */
  readonly gpus?: readonly Gpu[];
  /** Where servers run already: GPU by the id of the model. */
  readonly running?: ReadonlyMap<string, number | null>;
}

/** A server that is ready to be started. */
export interface PreparedServer {
  readonly wanted: WantedModel;
  readonly spec: ContainerSpec;
  readonly placed: PlacedModel;
  /** What clients call the model. */
  readonly model: string;
  /** Its token, for the environment of the program that starts it. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Model repository to be written; null: the server takes no files of ours. */
  readonly repository: (() => Promise<TritonSource>) | null;
}

export interface Prepared {
  readonly plan: VramPlan;
  readonly servers: readonly PreparedServer[];
}

/** Where sv72 keeps things for servers. */
export function servingFolders(at: Surroundings): ServingFolders {
  return {
    data: join(dataFolder(at), 'serving'),
    cache: join(cacheFolder(at), 'serving'),
    hub: hubFolder(at),
  };
}

/**
 * Reads what the models are, and places them on the GPUs. Nothing is written or started.
 *
 * @throws Sv72Error ERR_SERVING_WEIGHTS; those of `loadBundle` and `chooseModel`
 */
export async function prepareServers(
  models: readonly WantedModel[],
  options: PrepareOptions,
): Promise<Prepared> {
  const { surroundings, packageRoot, running } = options;
  const folders = servingFolders(surroundings);
  const gpus = options.gpus ?? (await listGpus(surroundings.env));
  const chosen = new Map<WantedModel, ChosenModel | null>();
  const needs = [];
  for (const model of models) {
    const picked = await chosenModel(model, gpus.length > 0 && model.gpu !== 'none');
    chosen.set(model, picked);
    needs.push(await vramModel(model, picked, folders.hub, running?.get(model.id) ?? null));
  }
  const plan = planVram(needs, gpus);
  const servers: PreparedServer[] = [];
  for (const [index, wanted] of models.entries()) {
    const placed = plan.models[index];
    const { server } = wanted;
    if (server === null || placed === undefined) continue;
    const picked = chosen.get(wanted) ?? null;
    const named = { ...server, model: servedName(server) ?? picked?.bundle.manifest.name ?? wanted.id };
    const template = await readTemplate(packageRoot, server.kind);
    const hubToken = (surroundings.env.HF_TOKEN ?? '') !== '';
    const spec = containerSpec({
      ...{ id: wanted.id, server: named, template, placed, gpus, folders, hubToken },
    });
    servers.push({
      ...{ wanted, spec, placed },
      model: named.model,
      secrets: {
        ...(server.token !== undefined && template.token !== undefined && { [template.token]: server.token }),
        ...(spec.secrets.includes('HF_TOKEN') && { HF_TOKEN: surroundings.env.HF_TOKEN ?? '' }),
      },
      repository:
        server.kind === 'triton' && picked !== null
          ? () => sourceOf(wanted, named.model, picked, placed, gpus, surroundings, spec.image)
          : null,
    });
  }
  return { plan, servers };
}

async function sourceOf(
  wanted: WantedModel,
  name: string,
  chosen: ChosenModel,
  placed: PlacedModel,
  gpus: readonly Gpu[],
  surroundings: Surroundings,
  image: string,
): Promise<TritonSource> {
  if (wanted.device !== 'tensorrt') {
    return onnxSource(name, chosen, placed.gpu === null ? 'cpu' : 'gpu');
  }
  const { engineOf } = await import('./triton/engine.ts');
  const gpu = gpus.find(({ index }) => index === placed.gpu);
  return await engineOf({ wanted, name, bundle: chosen.bundle, gpu, image, surroundings });
}
