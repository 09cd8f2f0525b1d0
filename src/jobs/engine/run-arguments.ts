import { containerCommand, containerPlace, mountPoint } from '../command.ts';
import type { Gpu } from '../gpu/nvidia-smi.ts';
import { plainVariables } from '../job-environment.ts';
import type { JobSpec, Mount } from '../types.ts';
import { containerName, LABELS } from './containers.ts';
import type { Engine } from './engine.ts';

/** The person whose files the job writes. */
export interface Person {
  readonly uid: number;
  readonly gid: number;
}

export interface RunArguments {
  readonly id: string;
  readonly image: string;
  readonly stateDir: string;
  /** The GPUs that the job uses; none: it gets none. */
  readonly gpus: readonly Gpu[];
  readonly person: Person;
}

/** Variables of a container without secrets. */
export function containerVariables(spec: JobSpec, id: string, engine: Engine, person: Person) {
  // An ordinary user of this machine has no name and no home in the image.
  const nameless = person.uid !== 0 && !(engine.kind === 'docker' && engine.rootless);
  return {
    ...(nameless && { HOME: '/tmp', USER: 'sv72', LOGNAME: 'sv72' }),
    ...plainVariables(spec, id, containerPlace),
  };
}

/**
 * The whole command that runs a job in a container. It is attached, so that the engine's program ends with the job's
 * exit code; the container is removed when it ends, and known by its labels when everything else was killed.
 * Secrets are named only: the engine's program takes their values from its own environment.
 */
export function runCommand(spec: JobSpec, engine: Engine, given: RunArguments): string[] {
  const { id, image, stateDir, gpus, person } = given;
  const { memoryBytes, shmBytes, cpus } = spec.limits;
  const name = containerName(id);
  const option = (flag: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [flag, String(value)];
  return [
    engine.program,
    'run',
    '--rm',
    ...['--name', name],
    ...['--label', `${LABELS.job}=${id}`],
    ...['--label', `${LABELS.kind}=${spec.kind}`],
    ...['--label', `${LABELS.state}=${stateDir}`],
    ...['--pull', 'never'],
    // What it says is kept by us, rotated.
    ...['--log-driver', 'none'],
    ...['--stop-timeout', String(Math.ceil(spec.stopGraceMs / 1_000))],
    // docker brings its own init; podman's is a package that may be missing.
    ...(engine.kind === 'docker' ? ['--init'] : []),
    // Files of this machine are not relabelled for SELinux.
    ...['--security-opt', 'label=disable'],
    ...userArguments(engine, person),
    ...gpuArguments(spec, engine, gpus),
    ...option('--network', spec.network),
    ...option('--memory', memoryBytes === undefined ? undefined : `${memoryBytes}b`),
    ...option('--shm-size', shmBytes === undefined ? undefined : `${shmBytes}b`),
    ...option('--cpus', cpus),
    ...spec.mounts.flatMap((mount) => ['--mount', mountArgument(mount)]),
    ...Object.entries(containerVariables(spec, id, engine, person)).flatMap(([key, value]) => [
      '--env',
      `${key}=${value}`,
    ]),
    ...Object.keys(spec.secrets ?? {}).flatMap((key) => ['--env', key]),
    image,
    ...containerCommand(spec),
  ];
}

/** Files that the job writes are the person's. */
export function userArguments(engine: Pick<Engine, 'kind' | 'rootless'>, { uid, gid }: Person): string[] {
  // The container's root is the person already.
  if (engine.kind === 'docker' && engine.rootless) return ['--user', '0:0'];
  const user = ['--user', `${uid}:${gid}`];
  return engine.kind === 'podman' && engine.rootless ? ['--userns', 'keep-id', ...user] : user;
}

/** docker has an option of its own, whose value is a line of CSV; podman takes names of the Container Device Interface. */
function gpuArguments(spec: JobSpec, engine: Engine, gpus: readonly Gpu[]): string[] {
  if (gpus.length === 0) return [];
  const all = spec.gpus === 'all';
  const numbers = gpus.map(({ index }) => index);
  if (engine.kind === 'docker') return ['--gpus', all ? 'all' : `"device=${numbers.join(',')}"`];
  const names = all ? ['all'] : numbers;
  return names.flatMap((name) => ['--device', `nvidia.com/gpu=${name}`]);
}

function mountArgument({ name, host, readonly }: Mount): string {
  return `type=bind,source=${host},target=${mountPoint(name)}${readonly === true ? ',readonly' : ''}`;
}
