import { type Engine, type Person, userArguments } from '../jobs/index.ts';
import type { ContainerMount, ContainerSpec } from './types.ts';

/** Labels of the containers of servers. */
export const LABELS = { id: 'sv72.engine', hash: 'sv72.engine.settings', gpu: 'sv72.engine.gpu' };

/** How a container is run: in the background for `engine up`, in the foreground for a service manager. */
export type RunMode = 'background' | 'foreground';

/** What of an engine the arguments depend on. */
export type EngineKind = Pick<Engine, 'program' | 'kind' | 'rootless'>;

/**
 * The whole command that runs a server. It listens on the loopback of this machine only, runs as the person whose caches it
 * uses, has no capabilities, and cannot gain any. Secrets are named only: their values come from the environment.
 */
export function runCommand(spec: ContainerSpec, engine: EngineKind, person: Person, mode: RunMode): string[] {
  const { port, gpu, id, hash } = spec;
  const address = port.address.includes(':') ? `[${port.address}]` : port.address;
  return [
    engine.program,
    'run',
    ...(mode === 'background' ? ['--detach'] : ['--rm']),
    ...['--name', spec.name],
    ...['--label', `${LABELS.id}=${id}`],
    ...['--label', `${LABELS.hash}=${hash}`],
    ...['--label', `${LABELS.gpu}=${gpu ?? 'none'}`],
    // `engine up` has fetched it, with its progress shown.
    ...['--pull', mode === 'background' ? 'never' : 'missing'],
    // `on-failure` would leave it dead when docker itself is started anew, and podman counts tries for as long as it lives.
    ...(mode === 'background' ? ['--restart', 'unless-stopped'] : []),
    ...['--stop-timeout', '20'],
    ...(engine.kind === 'docker' ? ['--init'] : []),
    ...['--cap-drop', 'ALL'],
    ...['--security-opt', 'no-new-privileges'],
    // Files of this machine are not relabelled for SELinux.
    ...['--security-opt', 'label=disable'],
    ...userArguments(engine, person),
    ...gpuArguments(engine, gpu),
    ...['--shm-size', spec.shm],
    ...['--publish', `${address}:${port.host}:${port.container}`],
    ...spec.mounts.flatMap((mount) => ['--mount', mountArgument(mount)]),
    ...Object.entries(spec.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...spec.secrets.flatMap((name) => ['--env', name]),
    spec.image,
    ...spec.command,
  ];
}

/** docker has an option of its own; podman takes names of the Container Device Interface. */
function gpuArguments({ kind }: EngineKind, gpu: number | null): string[] {
  if (gpu === null) return [];
  return kind === 'docker' ? ['--gpus', `"device=${gpu}"`] : ['--device', `nvidia.com/gpu=${gpu}`];
}

function mountArgument({ host, target, readonly }: ContainerMount): string {
  return `type=bind,source=${host},target=${target}${readonly ? ',readonly' : ''}`;
}
