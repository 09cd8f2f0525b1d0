import { Flags } from '@oclif/core';
import { withEnv } from '../ui/index.ts';
import { bytesOf, cpusOf, gpusOf } from './values.ts';

/** Flags of every command that runs a step elsewhere. */
export const jobFlags = withEnv({
  runtime: Flags.option({
    summary: 'where the step runs; auto takes the first of docker, podman and local that works here',
    options: ['auto', 'docker', 'podman', 'local'] as const,
    default: 'auto',
    helpGroup: 'STEP',
  })(),
  image: Flags.string({
    summary: 'container image, instead of the one that is chosen by driver and GPU',
    helpGroup: 'STEP',
  }),
  'base-image': Flags.string({
    summary: 'what the image is built on, where one is built',
    helpGroup: 'STEP',
    exclusive: ['image'],
  }),
  gpus: Flags.custom<'all' | 'none' | readonly number[]>({
    summary: 'all, none, or numbers of GPUs with commas',
    helpValue: 'all',
    helpGroup: 'STEP',
    parse: async (text) => gpusOf(text),
  })(),
  memory: Flags.custom<number>({
    summary: 'most memory of the container, for example 16G',
    helpValue: '16G',
    helpGroup: 'STEP',
    parse: async (text) => bytesOf(text),
  })(),
  'shm-size': Flags.custom<number>({
    summary: 'shared memory for data loaders, for example 8G',
    helpValue: '8G',
    helpGroup: 'STEP',
    parse: async (text) => bytesOf(text),
  })(),
  cpus: Flags.custom<number>({
    summary: 'most processors of the container; may be a fraction',
    helpValue: '4',
    helpGroup: 'STEP',
    parse: async (text) => cpusOf(text),
  })(),
  'container-network': Flags.option({
    summary: 'network of the container, instead of what the engine gives',
    options: ['none', 'host'] as const,
    helpGroup: 'STEP',
  })(),
  'if-running': Flags.option({
    summary: 'what to do when such a step already runs: show it, stop it first, refuse, or run beside it',
    options: ['attach', 'stop', 'refuse', 'beside'] as const,
    helpGroup: 'STEP',
  })(),
  'dry-run': Flags.boolean({
    summary: 'print the exact commands, and do nothing',
    helpGroup: 'STEP',
  }),
});

/** What those flags give. */
export interface JobFlags {
  readonly runtime: 'auto' | 'docker' | 'podman' | 'local';
  readonly image?: string | undefined;
  readonly 'base-image'?: string | undefined;
  readonly gpus?: 'all' | 'none' | readonly number[] | undefined;
  readonly memory?: number | undefined;
  readonly 'shm-size'?: number | undefined;
  readonly cpus?: number | undefined;
  readonly 'container-network'?: 'none' | 'host' | undefined;
  readonly 'if-running'?: 'attach' | 'stop' | 'refuse' | 'beside' | undefined;
  readonly 'dry-run': boolean;
}
