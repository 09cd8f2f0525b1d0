import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Gpu } from '../jobs/index.ts';
import { fillCommand, type Template, type Values } from './template.ts';
import type { ContainerMount, ContainerSpec, WantedServer } from './types.ts';
import type { PlacedModel } from './vram/plan.ts';

/** Folders of this user. */
export interface ServingFolders {
  /** Model repositories and what else sv72 makes for servers. */
  readonly data: string;
  /** What servers compile and measure. */
  readonly cache: string;
  /** Downloads of the Hugging Face Hub, shared with all other programs. */
  readonly hub: string;
}

export interface ContainerOptions {
  readonly id: string;
  readonly server: WantedServer;
  readonly template: Template;
  readonly placed: PlacedModel;
  readonly gpus: readonly Gpu[];
  readonly folders: ServingFolders;
  /** Whether a token for the Hub is at hand. */
  readonly hubToken: boolean;
}

/** The container of a server. */
export function containerSpec(options: ContainerOptions): ContainerSpec {
  const { id, server, template, placed, gpus, folders, hubToken } = options;
  const { kind, weights, port, address } = server;
  const chat = weights !== null;
  const gpu = gpus.find(({ index }) => index === placed.gpu);
  const image = server.image ?? imageFor(template, gpu);
  const mounts: ContainerMount[] = [
    ...(kind === 'triton'
      ? [{ what: 'models', host: repositoryOf(folders, id), target: '/models', readonly: true } as const]
      : []),
    ...(weights?.from === 'folder'
      ? [{ what: 'weights', host: weights.path, target: '/weights', readonly: true } as const]
      : []),
    { what: 'cache', host: join(folders.cache, kind), target: '/cache', readonly: false },
    ...(weights?.from === 'hub'
      ? [{ what: 'hub', host: folders.hub, target: '/cache/huggingface', readonly: false } as const]
      : []),
  ];
  const values = (shares: boolean): Values => ({
    weights: weights === null ? null : weights.from === 'hub' ? weights.name : '/weights',
    model: servedName(server),
    context: server.context,
    sequences: server.sequences,
    share: shares ? placed.share : '*',
    freeShare: shares ? placed.freeShare : '*',
    kvBytes: shares ? placed.kvBytes || null : '*',
    kvTokens: shares ? placed.kvTokens || null : '*',
  });
  const command = (shares: boolean) => [
    ...fillCommand(template.command, values(shares)),
    ...server.arguments,
  ];
  const secrets = [
    ...(server.token !== undefined && template.token !== undefined ? [template.token] : []),
    ...(chat && hubToken ? ['HF_TOKEN'] : []),
  ];
  const environment = {
    ...template.environment,
    // Whoever it runs as has no name in the image.
    USER: 'sv72',
    LOGNAME: 'sv72',
    // Weights that are here need no other machine.
    ...(weights?.from === 'folder' ? { HF_HUB_OFFLINE: '1' } : {}),
  };
  const spec = {
    ...{ id, kind, image, mounts, secrets, environment },
    name: `sv72-engine-${id}-${port}`,
    python: template.python,
    port: { address, host: port, container: template.port },
    ready: template.ready,
    gpu: placed.gpu,
    shm: template.shm,
    startMs: server.startMs,
  };
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...spec, startMs: 0, secrets: [], command: command(false) }))
    .digest('hex')
    .slice(0, 16);
  return { ...spec, command: command(true), hash };
}

/** What clients call the model. */
export function servedName({ model, weights }: WantedServer): string | null {
  if (model !== null || weights === null) return model;
  return weights.from === 'hub' ? weights.name : (weights.path.split('/').at(-1) ?? 'model');
}

/** Model repository of a server that sv72 runs. */
export function repositoryOf({ data }: ServingFolders, id: string): string {
  return join(data, 'models', id);
}

function imageFor(template: Template, gpu: Gpu | undefined): string {
  const driver = gpu === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(gpu.driver, 10);
  return driver < 580 && template.image_before_driver_580 !== undefined
    ? template.image_before_driver_580
    : template.image;
}
