import { Flags } from '@oclif/core';
import { settingFlag, withEnv } from '../ui/index.ts';

/** Which profile. */
export const profileFlags = { profile: settingFlag('profile') };

/** Which program runs containers. */
export const containerFlag = withEnv({
  'container-engine': Flags.option({
    summary: 'program that runs containers; auto: docker if it works, else podman',
    options: ['auto', 'docker', 'podman'] as const,
  })({ default: 'auto' }),
});
