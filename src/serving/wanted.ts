import { isIP } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import { expandHome, type ProfileSettings, type Surroundings, stageProfile } from '../config/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { ServerKind, WantedModel, WantedServer, Weights } from './types.ts';

const GIB = 2 ** 30;

/** Where things of this user and of sv72 are. */
export interface WantedPlaces {
  readonly surroundings: Surroundings;
  /** Folder of sv72's package.json. */
  readonly packageRoot: string;
}

/** What the profile itself and its stages have in common. */
type Runs = Pick<
  ProfileSettings,
  'engine' | 'bundle' | 'device' | 'precision' | 'variant' | 'processes' | 'server'
> & { readonly name?: string };

/**
 * The models that a profile needs, in the order of its stages.
 *
 * @throws Sv72Error ERR_SERVING_ADDRESS, ERR_SERVING_WEIGHTS for servers that cannot be run here as they are set;
 *   servers on other machines are left out, since nothing has to be started or planned for them
 */
export function wantedModels(name: string, profile: ProfileSettings, places: WantedPlaces): WantedModel[] {
  const models = runsOf(profile).flatMap((run) => {
    const id = run.name === undefined ? name : `${name}-${run.name}`;
    return run.engine !== 'onnx' && run.server.remote ? [] : [wantedModel(id, run, places)];
  });
  const ports = new Set<number>();
  for (const { id, server } of models) {
    if (server === null) continue;
    if (ports.has(server.port)) {
      throw new Sv72Error(
        'ERR_SERVING_ADDRESS',
        `The server of ${id} has the port ${server.port} of another server of the profile.`,
      );
    }
    ports.add(server.port);
  }
  return models;
}

function runsOf(profile: ProfileSettings): readonly Runs[] {
  if (profile.stages.length === 0) return [profile];
  return profile.stages.map((stage) => ({ ...stageProfile(profile, stage), name: stage.name }));
}

function wantedModel(id: string, run: Runs, places: WantedPlaces): WantedModel {
  const { engine, device, precision, variant, processes } = run;
  const { container } = run.server;
  const server = engine === 'onnx' ? null : wantedServer(id, run, places);
  const { surroundings, packageRoot } = places;
  const bundle =
    run.bundle === 'demo'
      ? join(packageRoot, 'models', 'demo')
      : resolve(surroundings.cwd, expandHome(run.bundle, surroundings.home));
  return {
    id,
    kind: server?.kind ?? 'embedded',
    bundleDir: engine === 'openai' ? null : bundle,
    device,
    precision,
    variant,
    processes,
    gpu: device === 'cpu' ? 'none' : container.gpu,
    server,
  };
}

function wantedServer(id: string, run: Runs, places: WantedPlaces): WantedServer {
  const { engine, server } = run;
  const { container, model } = server;
  const { url, address, port } = addressOf(id, engine, server.url);
  const kind = kindOf(engine, server);
  return {
    kind,
    url,
    address,
    port,
    model,
    weights: kind === 'triton' ? null : weightsOf(id, container.weights ?? model, places.surroundings),
    image: container.image,
    context: container.context,
    sequences: container.sequences,
    memoryBytes: container.memory_gib === null ? null : Math.round(container.memory_gib * GIB),
    arguments: container.arguments,
    startMs: container.start_s * 1_000,
    token: server.token_env === null ? undefined : places.surroundings.env[server.token_env] || undefined,
  };
}

function kindOf(engine: Runs['engine'], { container, vendor }: Runs['server']): ServerKind {
  if (container.kind !== 'auto') return container.kind;
  if (engine === 'oip') return 'triton';
  return vendor === 'sglang' || vendor === 'max' ? vendor : 'vllm';
}

function addressOf(id: string, engine: string, text: string | null) {
  const refuse = (why: string) =>
    new Sv72Error('ERR_SERVING_ADDRESS', `The server of ${id} cannot be run here: ${why}.`);
  if (text === null) throw refuse('server.url is not set');
  if (!URL.canParse(text)) throw refuse('server.url is no URL');
  const { protocol, hostname, port, pathname, username, search } = new URL(text);
  if (protocol !== 'http:') throw refuse('server.url does not begin with http://');
  if (username !== '' || search !== '') throw refuse('server.url has more than a host, a port and a path');
  const own =
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
  if (!own) throw refuse(`${hostname} is not the loopback of this machine`);
  if (port === '') throw refuse('server.url names no port');
  const path = pathname.replace(/\/+$/, '');
  const wanted = engine === 'openai' ? '/v1' : '';
  if (path !== wanted) {
    throw refuse(wanted === '' ? 'server.url has a path' : 'the path of server.url is not /v1');
  }
  return {
    url: `http://${hostname}:${port}${path}`,
    address: hostname === '[::1]' ? '::1' : hostname === 'localhost' ? '127.0.0.1' : hostname,
    port: Number(port),
  };
}

function weightsOf(id: string, name: string | null, { cwd, home }: Surroundings): Weights {
  if (name === null) {
    throw new Sv72Error(
      'ERR_SERVING_WEIGHTS',
      `The server of ${id} is to run a chat model, and none is named.`,
      { next: 'Set server.container.weights to owner/name on the Hugging Face Hub, or to a folder.' },
    );
  }
  if (isAbsolute(name) || /^(\.{1,2}\/|~\/)/.test(name)) {
    return { from: 'folder', path: resolve(cwd, expandHome(name, home)) };
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return { from: 'hub', name };
  throw new Sv72Error(
    'ERR_SERVING_WEIGHTS',
    `"${name}", the model of ${id}, is neither owner/name on the Hub nor a folder.`,
    { next: 'Set server.container.weights to owner/name on the Hugging Face Hub, or to a folder (./…).' },
  );
}
