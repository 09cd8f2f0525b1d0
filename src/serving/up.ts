import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Sv72Error } from '../errors/index.ts';
import { type Engine, hasImage, type Person, pullCommand, runProgram } from '../jobs/index.ts';
import { runCommand } from './arguments.ts';
import { repositoryOf } from './container.ts';
import { type ContainerState, endContainer, followLines, inspectContainer } from './containers.ts';
import { endedEarly, notStarted } from './failure.ts';
import { dropLog, keepLog } from './logs.ts';
import { type PreparedServer, prepareServers, servingFolders } from './prepare.ts';
import { mustBeFree, type ProbeTarget, probe } from './probe.ts';
import { chooseEngine, type EngineChoice } from './runtime.ts';
import { writeRepository } from './triton/repository.ts';
import type { ServerKind, WantedModel } from './types.ts';
import type { VramPlan } from './vram/plan.ts';
import type { WantedPlaces } from './wanted.ts';

/** How a server came to run. */
export interface UpServer {
  readonly id: string;
  readonly kind: ServerKind;
  readonly model: string;
  readonly url: string;
  /** `started` now; `running` since an earlier time; `adopted`: somebody else's, which has the model. */
  readonly state: 'started' | 'running' | 'adopted';
  /** null: it is none of ours. */
  readonly container: string | null;
  readonly image: string | null;
  readonly gpu: number | null;
  /** Until it answered. */
  readonly seconds: number;
}

export interface UpOptions extends WantedPlaces {
  readonly runtime: EngineChoice;
  readonly person: Person;
  /** Starts servers anew that run with other settings. */
  readonly recreate?: boolean;
  /** Starts them although the plan says that they do not fit. */
  readonly ignoreMemory?: boolean;
  /** Aborted: what is being fetched or started is given up. */
  readonly signal?: AbortSignal | undefined;
  /** What is going on, for people. */
  readonly onStage?: (text: string) => void;
  readonly now?: () => number;
}

const POLL_MS = 400;

/**
 * Sees to it that the servers of these models run and answer: adopts those that do, fetches images, writes Triton's
 * model repository, starts containers one after the other, and waits until each is ready.
 *
 * @throws Sv72Error ERR_SERVING_*, ERR_JOB_GPU_ACCESS, ERR_INTERRUPTED; those of `prepareServers`
 */
export async function upServers(models: readonly WantedModel[], options: UpOptions): Promise<UpServer[]> {
  try {
    return await upAll(models, options);
  } catch (error) {
    // Ctrl-C at a terminal ends the programs that are asked, too, which then fail for no reason of their own.
    if (!(error instanceof Sv72Error && error.code === 'ERR_INTERRUPTED')) {
      throwIfAborted(options.signal, 'before the servers were started');
    }
    throw error;
  }
}

async function upAll(models: readonly WantedModel[], options: UpOptions): Promise<UpServer[]> {
  const wanted = models.filter(({ server }) => server !== null);
  if (wanted.length === 0) {
    throw new Sv72Error('ERR_SERVING_NOTHING', 'The profile has no inference server to start.');
  }
  const first = await prepareServers(models, options);
  const answered = await Promise.all(first.servers.map((server) => probe(targetOf(server), options.signal)));
  const left = first.servers.filter((_, index) => answered[index]?.is !== 'ready');
  // Servers that answer and are wanted as they are need no container engine.
  const engine = left.length > 0 ? await chooseEngine(options.runtime, options.surroundings.env) : undefined;
  const known = new Map<string, ContainerState>();
  const looking =
    engine ?? (await chooseEngine(options.runtime, options.surroundings.env).catch(() => undefined));
  if (looking !== undefined) {
    for (const { spec } of first.servers) {
      const state = await inspectContainer(looking, spec.name);
      if (state?.running === true) known.set(spec.id, state);
    }
  }
  const running = new Map(
    first.servers.flatMap((server, index) => {
      const { id } = server.spec;
      const ours = known.get(id);
      const recreated = options.recreate === true && ours !== undefined && ours.hash !== server.spec.hash;
      return (ours !== undefined && !recreated) || answered[index]?.is === 'ready'
        ? [[id, ours?.gpu ?? server.spec.gpu] as const]
        : [];
    }),
  );
  const prepared = await prepareServers(models, { ...options, running });
  if (left.length > 0 && !prepared.plan.fits && options.ignoreMemory !== true) {
    throw noRoom(prepared.plan);
  }
  const up: UpServer[] = [];
  for (const [index, server] of prepared.servers.entries()) {
    const was = answered[index] ?? { is: 'absent' };
    up.push(await upOne(server, was, known.get(server.spec.id), looking, options));
  }
  return up;
}

async function upOne(
  server: PreparedServer,
  was: Awaited<ReturnType<typeof probe>>,
  ours: ContainerState | undefined,
  engine: Engine | undefined,
  options: UpOptions,
): Promise<UpServer> {
  const { spec } = server;
  const begun = (options.now ?? Date.now)();
  const seconds = () => Math.round(((options.now ?? Date.now)() - begun) / 100) / 10;
  const shown = (state: UpServer['state'], container: ContainerState | 'new' | undefined): UpServer => ({
    ...{ id: spec.id, kind: spec.kind, model: server.model, state },
    url: server.wanted.server?.url ?? '',
    container: container === undefined ? null : spec.name,
    image: container === undefined ? null : container === 'new' ? spec.image : container.image,
    gpu: container === undefined ? null : spec.gpu,
    seconds: seconds(),
  });
  if (ours !== undefined && ours.hash !== spec.hash) {
    if (options.recreate !== true) {
      throw new Sv72Error(
        'ERR_SERVING_CHANGED',
        `The server of ${spec.id} runs with other settings than there are now.`,
        { details: { container: spec.name } },
      );
    }
  } else if (was.is === 'ready') {
    return shown(ours === undefined ? 'adopted' : 'running', ours);
  } else if (ours !== undefined && engine !== undefined) {
    // It may be on its way back after it was killed.
    await waitUntilReady(server, engine, options, ours.restarts);
    return shown('running', ours);
  } else if (was.is === 'other') {
    throw new Sv72Error(
      'ERR_SERVING_MODEL',
      `What answers at ${server.wanted.server?.url ?? ''} is not the server of ${spec.id}: ${was.why}.`,
      { details: { id: spec.id, why: was.why } },
    );
  }
  if (engine === undefined)
    throw new Sv72Error('ERR_SERVING_RUNTIME', 'Neither docker nor podman works here.');
  await start(server, engine, options);
  return shown('started', 'new');
}

async function start(server: PreparedServer, engine: Engine, options: UpOptions): Promise<void> {
  const { spec } = server;
  const { onStage, signal, person, surroundings } = options;
  await endContainer(engine, spec.name);
  await dropLog(spec, servingFolders(surroundings));
  await mustBeFree(spec.port.address, spec.port.host, spec.id);
  await fetchImage(spec.image, engine, options);
  if (server.repository !== null) {
    onStage?.(`${spec.id}: writing the model repository`);
    await writeRepository(repositoryOf(servingFolders(surroundings), spec.id), await server.repository());
  }
  for (const { what, host } of spec.mounts) {
    if (what === 'cache' || what === 'hub') await mkdir(host, { recursive: true });
  }
  throwIfAborted(signal, 'before the server was started');
  onStage?.(`${spec.id}: starting ${spec.image}`);
  const ran = await runProgram(runCommand(spec, engine, person, 'background'), {
    env: { ...engine.env, ...server.secrets },
  });
  if (!ran.ok) {
    // Ctrl-C at a terminal reaches the program that starts the container, too.
    if (signal?.aborted === true) await endContainer(engine, spec.name, 2_000);
    throwIfAborted(signal, `while the server of ${spec.id} was being started`);
    // Two at a time: the other one's container is as good.
    const other = await inspectContainer(engine, spec.name);
    if (other?.running !== true || other.hash !== spec.hash) {
      await endContainer(engine, spec.name, 0);
      throw notStarted(spec, ran.lastLines);
    }
  }
  try {
    await waitUntilReady(server, engine, options);
  } catch (error) {
    // One that is slow goes on loading: the next `engine up` finds it. One that was given up goes.
    if (error instanceof Sv72Error && error.code === 'ERR_INTERRUPTED')
      await endContainer(engine, spec.name, 2_000);
    throw error;
  }
}

/** @throws Sv72Error ERR_SERVING_IMAGE, ERR_INTERRUPTED */
async function fetchImage(image: string, engine: Engine, { signal, onStage }: UpOptions): Promise<void> {
  if (await hasImage(engine, image)) return;
  onStage?.(`fetching ${image}`);
  const pulled = await runProgram(pullCommand(engine, image), {
    env: engine.env,
    signal,
    onLine: (line) => onStage?.(`fetching ${image}: ${line}`),
  });
  if (pulled.interrupted) {
    throw new Sv72Error(
      'ERR_INTERRUPTED',
      `Interrupted while ${image} was being fetched; what has come stays, and the next time goes on from there.`,
    );
  }
  if (pulled.ok) return;
  throw new Sv72Error(
    'ERR_SERVING_IMAGE',
    `The image ${image} could not be fetched: ${pulled.lastLines.at(-1) ?? 'no reason given'}`,
    { details: { image, lastLines: [...pulled.lastLines] } },
  );
}

/**
 * Waits until a server that was started answers with its model.
 *
 * @throws Sv72Error ERR_SERVING_MEMORY, ERR_SERVING_START when it ended, ERR_SERVING_NOT_READY, ERR_INTERRUPTED
 */
async function waitUntilReady(
  server: PreparedServer,
  engine: Engine,
  options: UpOptions,
  restarts = 0,
): Promise<void> {
  const { spec } = server;
  const { signal, onStage } = options;
  const late = AbortSignal.timeout(spec.startMs);
  const done = new AbortController();
  const following = followLines(
    engine,
    spec.name,
    1,
    (line) => onStage?.(`${spec.id}: ${line.slice(0, 160)}`),
    done.signal,
  ).catch(() => undefined);
  let why = 'it does not answer';
  let unseen = 0;
  try {
    for (;;) {
      throwIfAborted(signal, `while the server of ${spec.id} was loading`);
      const now = await probe(targetOf(server), signal);
      if (now.is === 'ready') return;
      if (now.is !== 'absent') why = now.why;
      const state = await inspectContainer(engine, spec.name);
      // A busy engine may be too slow to say how a container is.
      unseen = state === undefined ? unseen + 1 : 0;
      if (unseen > 2 || (state !== undefined && (!state.running || state.restarts > restarts))) {
        const lines = await keepLog(engine, spec, servingFolders(options.surroundings));
        // Only a container that is gone is surely not started again: podman may be about to, and heeds no stop meanwhile.
        await endContainer(engine, spec.name, 0);
        throw endedEarly(spec, state ?? { exitCode: null, outOfMemory: false }, lines);
      }
      if (late.aborted) {
        throw new Sv72Error(
          'ERR_SERVING_NOT_READY',
          `The server of ${spec.id} was not ready after ${Math.round(spec.startMs / 1_000)} s: ${why}.`,
          { details: { container: spec.name, why } },
        );
      }
      await sleep(POLL_MS, undefined, signal && { signal }).catch(() => undefined);
    }
  } finally {
    done.abort();
    await following;
  }
}

/** How clients ask a server. */
export function targetOf({ wanted, model }: Pick<PreparedServer, 'wanted' | 'model'>): ProbeTarget {
  const { server, bundleDir } = wanted;
  return {
    kind: bundleDir === null ? 'openai' : 'oip',
    url: server?.url ?? '',
    // A chat server that is there already is asked for its only model, as the miner does.
    model: bundleDir === null ? (server?.model ?? null) : model,
    token: server?.token,
  };
}

function noRoom({ gpus, problems, advice }: VramPlan): Sv72Error {
  const [first = 'The models do not fit.'] = problems;
  const details = { problems: [...problems], advice: [...advice] };
  if (gpus.every(({ leftBytes }) => leftBytes >= 0))
    return new Sv72Error('ERR_SERVING_GPU', first, { details });
  const next = advice[0] ?? 'Run `sv72 plan`.';
  return new Sv72Error('ERR_SERVING_VRAM', first, { next, details });
}

function throwIfAborted(signal: AbortSignal | undefined, when: string): void {
  if (signal?.aborted === true) throw new Sv72Error('ERR_INTERRUPTED', `Interrupted ${when}.`);
}
