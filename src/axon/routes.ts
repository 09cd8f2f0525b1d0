import { btauthDoor } from './btauth-door.ts';
import type { Door } from './door.ts';
import { Refusal } from './head.ts';
import { type AxonLimits, type AxonRoutes, DEFAULT_BTAUTH } from './options.ts';
import { synapseDoor } from './synapse-door.ts';

export interface Route {
  readonly name: string;
  readonly kind: 'image' | 'ping';
  readonly door: Door;
  /** Pings may be open to callers that the policy does not know. */
  readonly anyone: boolean;
}

export interface Router {
  /** @param target request target as on the wire */
  find(target: string): Route | undefined;
  unknown(target: string): Refusal;
  /** The door whose style answers requests that belong to none. */
  readonly fallback: Door;
}

export function createRouter(hotkey: string, routes: AxonRoutes, limits: AxonLimits): Router {
  const synapses = synapseDoor({ hotkey, limits, modelUrl: routes.modelUrl });
  const byPath = new Map<string, Route>();
  const add = (path: string, route: Route) => byPath.set(path, route);
  if (routes.ping !== 'off') {
    add('/Synapse', { name: 'Synapse', kind: 'ping', door: synapses, anyone: routes.ping === 'anyone' });
  }
  for (const name of routes.images) add(`/${name}`, { name, kind: 'image', door: synapses, anyone: false });
  if (routes.btauth !== false) {
    const btauth = { ...DEFAULT_BTAUTH, ...routes.btauth };
    const door = btauthDoor({ hotkey, limits, btauth });
    add(btauth.path, { name: btauth.path, kind: 'image', door, anyone: false });
  }
  const names = [...byPath.values()].filter(({ door }) => door === synapses).map(({ name }) => `'${name}'`);
  const available = `[${names.join(', ')}]`;

  return {
    find: (target) => byPath.get(pathOf(target)),
    unknown: (target) =>
      new Refusal(
        404,
        'unknown-route',
        `Synapse name '${firstSegment(target)}' not found. Available synapses ${available}`,
      ),
    fallback: synapses,
  };
}

function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

/** As the SDK names it: the first part of the decoded path, here cut to a length that fits a header. */
function firstSegment(target: string): string {
  const path = pathOf(target);
  let decoded = path;
  try {
    decoded = decodeURIComponent(path.slice(0, 300));
  } catch {
    // Not valid percent-encoding: shown as it came.
  }
  return (decoded.split('/')[1] ?? '').slice(0, 100);
}
