import type { ImageChoice, JobSpec } from '../jobs/index.ts';
import type { JobFlags } from './flags.ts';

/** A job as the flags change it. */
export function withFlags(spec: JobSpec, flags: JobFlags): JobSpec {
  const network = flags['container-network'] ?? spec.network;
  return {
    ...spec,
    image: imageWith(spec.image, flags),
    gpus: flags.gpus ?? spec.gpus,
    limits: {
      ...spec.limits,
      ...(flags.memory !== undefined && { memoryBytes: flags.memory }),
      ...(flags['shm-size'] !== undefined && { shmBytes: flags['shm-size'] }),
      ...(flags.cpus !== undefined && { cpus: flags.cpus }),
    },
    ...(network !== undefined && { network }),
  };
}

function imageWith(image: ImageChoice, flags: JobFlags): ImageChoice {
  if (flags.image !== undefined) return { kind: 'named', name: flags.image };
  const base = flags['base-image'];
  return base === undefined ? image : { kind: 'build', base };
}
