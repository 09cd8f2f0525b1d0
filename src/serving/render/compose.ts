import { stringify } from 'yaml';
import type { ContainerSpec } from '../types.ts';
import { healthCommand, modelsFolder, type RenderedFile, type RenderInput } from './types.ts';

/** A compose file, for docker compose and podman-compose. */
export function renderCompose({ profile, specs, engine, person }: RenderInput): RenderedFile[] {
  const services = Object.fromEntries(
    specs.map((spec) => [
      spec.id,
      {
        image: spec.image,
        container_name: spec.name,
        command: spec.command.map(plain),
        ...(engine.kind === 'docker' && engine.rootless
          ? { user: '0:0' }
          : { user: `${person.uid}:${person.gid}` }),
        ...(engine.kind === 'podman' && engine.rootless && { userns_mode: 'keep-id' }),
        environment: {
          ...Object.fromEntries(
            Object.entries(spec.environment).map(([name, value]) => [name, plain(value)]),
          ),
          // Taken from where compose is run.
          ...Object.fromEntries(spec.secrets.map((name) => [name, null])),
        },
        ports: [publishOf(spec)],
        volumes: spec.mounts.map(({ what, host, target, readonly }) => ({
          type: 'bind',
          source: what === 'models' ? `./${modelsFolder(spec.id)}` : plain(host),
          target,
          ...(readonly && { read_only: true }),
        })),
        shm_size: spec.shm,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges', 'label=disable'],
        restart: 'unless-stopped',
        stop_grace_period: '20s',
        healthcheck: {
          test: ['CMD', ...healthCommand(spec)],
          interval: '10s',
          timeout: '10s',
          retries: 3,
          start_period: `${Math.round(spec.startMs / 1_000)}s`,
        },
        ...gpuOf(spec, engine.kind),
      },
    ]),
  );
  const head = [
    `# Servers of the profile ${profile}, written by \`sv72 engine render --for compose\`.`,
    '# They listen on the loopback of this machine only.',
    '',
  ].join('\n');
  return [
    {
      path: 'compose.yaml',
      text: head + stringify({ services }, { lineWidth: 0, compat: 'yaml-1.1' }),
    },
  ];
}

function publishOf({ port }: ContainerSpec): string {
  const address = port.address.includes(':') ? `[${port.address}]` : port.address;
  return `${address}:${port.host}:${port.container}`;
}

function gpuOf({ gpu }: ContainerSpec, kind: 'docker' | 'podman'): object {
  if (gpu === null) return {};
  if (kind === 'podman') return { devices: [`nvidia.com/gpu=${gpu}`] };
  const device = { driver: 'nvidia', device_ids: [String(gpu)], capabilities: ['gpu'] };
  return { deploy: { resources: { reservations: { devices: [device] } } } };
}

/** Compose puts variables where a dollar stands. */
function plain(text: string): string {
  return text.replaceAll('$', '$$$$');
}
