import type { Engine } from '../jobs/index.ts';
import { type ContainerState, endContainer, inspectContainer } from './containers.ts';
import type { PreparedServer } from './prepare.ts';
import { type Probe, probe } from './probe.ts';
import type { ServerKind } from './types.ts';
import { targetOf } from './up.ts';

/** How a server of a profile stands. */
export interface ServerStatus {
  readonly id: string;
  readonly kind: ServerKind;
  readonly model: string;
  readonly url: string;
  readonly answers: Probe['is'];
  /** Why it is not ready; null: it is, or nothing is there. */
  readonly why: string | null;
  readonly container: ContainerState | null;
  /** Whether the container was started with the settings that there are now; null: there is none. */
  readonly current: boolean | null;
}

/** Asks servers and their containers. @param engine undefined: there is none, so no containers */
export async function serverStatus(
  servers: readonly PreparedServer[],
  engine: Engine | undefined,
): Promise<ServerStatus[]> {
  return await Promise.all(
    servers.map(async (server) => {
      const { spec, model, wanted } = server;
      const [answer, found] = await Promise.all([
        probe(targetOf(server)),
        engine === undefined ? undefined : inspectContainer(engine, spec.name),
      ]);
      const container = found ?? null;
      return {
        ...{ id: spec.id, kind: spec.kind, model, url: wanted.server?.url ?? '' },
        answers: answer.is,
        why: 'why' in answer ? answer.why : null,
        container,
        current: container === null ? null : container.hash === spec.hash,
      };
    }),
  );
}

/** A container that was ended. */
export interface DownServer {
  readonly id: string;
  readonly container: string;
  /** Whether there was one. */
  readonly was: boolean;
  readonly gone: boolean;
}

/** Stops the containers of servers and removes them; what others started is left alone. */
export async function downServers(servers: readonly PreparedServer[], engine: Engine): Promise<DownServer[]> {
  return await Promise.all(
    servers.map(async ({ spec }) => {
      const found = await inspectContainer(engine, spec.name);
      const was = found?.hash !== null && found !== undefined;
      return {
        id: spec.id,
        container: spec.name,
        was,
        gone: was ? await endContainer(engine, spec.name) : true,
      };
    }),
  );
}
