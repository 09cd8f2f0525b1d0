import type { Check } from '../types.ts';

/** Docker or podman, which training and inference servers run in. */
export const containers: Check = {
  id: 'containers',
  title: 'container runtime',
  async run({ program }) {
    const docker = await program('docker', ['version', '--format', '{{.Server.Version}}']);
    if (docker?.exit === 0) {
      const info = await program('docker', ['info', '--format', '{{json .Runtimes}}']);
      const nvidia = info?.stdout.includes('nvidia') === true ? ', with the NVIDIA runtime' : '';
      return { status: 'ok', sentence: `Docker ${docker.stdout.trim()} answers${nvidia}.` };
    }
    const podman = await program('podman', ['version', '--format', '{{.Client.Version}}']);
    if (podman?.exit === 0) return { status: 'ok', sentence: `podman ${podman.stdout.trim()} is here.` };
    if (docker !== undefined) {
      const denied = /permission denied/i.test(docker.stderr);
      return {
        status: 'warning',
        sentence: denied
          ? 'Docker is installed, but this user may not use it.'
          : `Docker is installed, but its service does not answer: ${docker.stderr.trim().split('\n')[0]}`,
        fix: denied
          ? 'sudo usermod --append --groups docker $USER && newgrp docker'
          : 'sudo systemctl start docker',
      };
    }
    return {
      status: 'note',
      sentence: 'Neither Docker nor podman is here; serving with the embedded engine needs none.',
    };
  },
};
