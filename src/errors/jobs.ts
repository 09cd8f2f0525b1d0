import type { ErrorEntry } from './types.ts';

export const jobErrors = {
  ERR_JOB_RUNTIME: {
    who: 'user',
    exit: 1,
    meaning: 'The runtime that was asked for does not work here: its program is missing or does not answer.',
    next: 'Start or install it, or choose another with --runtime (docker, podman or local).',
  },
  ERR_JOB_PYTHON: {
    who: 'user',
    exit: 1,
    meaning: 'Steps that run on this machine itself need Python 3.11 or newer with its venv module.',
    next: 'Install it (Debian, Ubuntu: `apt install python3 python3-venv`), install uv, or use --runtime docker or podman.',
  },
  ERR_JOB_ENVIRONMENT: {
    who: 'outside',
    exit: 3,
    meaning:
      'The Python packages of a step could not be installed. What was installed so far is thrown away and made again.',
    next: 'Read what the installer said, check the connection and the free space, then run the command again.',
  },
  ERR_JOB_LOCK_FILE: {
    who: 'bug',
    exit: 70,
    meaning: 'The list of Python packages that a step needs does not come with this version of sv72.',
    next: 'Install sv72 again; if that does not help, report it with the output of `sv72 --version`.',
  },
  ERR_JOB_IMAGE: {
    who: 'outside',
    exit: 3,
    meaning: 'The container image of a step could not be fetched or built.',
    next: 'Read what the engine said, check the name, the connection and the free space, then run the command again.',
  },
  ERR_JOB_START: {
    who: 'outside',
    exit: 3,
    meaning: 'A step could not be started.',
    next: 'Read what the engine or the system said; the message holds it.',
  },
  ERR_JOB_FAILED: {
    who: 'outside',
    exit: 3,
    meaning: 'A step began and ended with an error of its own; its log says more.',
    next: 'Read the log named in the message.',
  },
  ERR_JOB_STOPPED: {
    who: 'user',
    exit: 130,
    meaning: 'A step was asked to stop, saved what it had if it can do that, and ended.',
    next: 'Run the same command again, with --resume where it has that.',
  },
  ERR_JOB_LOST: {
    who: 'outside',
    exit: 3,
    meaning:
      'The process that watches a step was killed, so nobody knows how the step ended, or it runs unwatched.',
    next: 'Run `sv72 jobs list`, then attach to it or stop it.',
  },
  ERR_JOB_RUNNING: {
    who: 'user',
    exit: 1,
    meaning: 'A step of the same kind already runs and writes to the same folder.',
    next: 'Attach to it or stop it with `sv72 jobs`, or say with --if-running what is to happen.',
  },
  ERR_JOB_UNKNOWN: {
    who: 'user',
    exit: 1,
    meaning: 'No job has that id.',
    next: 'Run `sv72 jobs list --all` to see the jobs.',
  },
  ERR_JOB_MOUNT: {
    who: 'user',
    exit: 1,
    meaning: 'A folder that a step needs is not there, or its name cannot be given to a container.',
    next: 'Check the path named in the message.',
  },
  ERR_JOB_NO_GPU: {
    who: 'user',
    exit: 1,
    meaning: 'A step needs a GPU, or a certain one, and nvidia-smi does not show it on this machine.',
    next: 'Run it on a machine with an NVIDIA GPU, or look at what `nvidia-smi` says; --dry-run shows the commands.',
  },
  ERR_JOB_DRIVER: {
    who: 'user',
    exit: 1,
    meaning:
      'The NVIDIA driver, or the GPU, is too old for the images that there are. Blackwell GPUs need driver 580 or newer.',
    next: 'Update the NVIDIA driver to 580 or newer, or name an image that fits with --image.',
  },
  ERR_JOB_GPU_ACCESS: {
    who: 'user',
    exit: 1,
    meaning: 'The machine has a GPU, but the container engine cannot hand it to a container.',
    next: 'Install the NVIDIA Container Toolkit; for podman also run `sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml`.',
  },
  ERR_JOB_VRAM: {
    who: 'user',
    exit: 1,
    meaning: 'A GPU has less memory than the step needs.',
    next: 'Choose another GPU with --gpus, a smaller model or batch, or end what else uses the GPU.',
  },
  ERR_JOB_DISK: {
    who: 'user',
    exit: 1,
    meaning: 'A disk has less free space than a step needs for what it downloads and writes.',
    next: 'Free some space, or name folders on another disk.',
  },
  ERR_JOB_SHM: {
    who: 'user',
    exit: 1,
    meaning: 'There is less shared memory than the loaders of a step need.',
    next: 'Give less with --shm-size, make /dev/shm larger, or use a container runtime.',
  },
  ERR_JOB_MEMORY: {
    who: 'user',
    exit: 1,
    meaning: 'The machine has less memory than the step may use.',
    next: 'Give less with --memory, or run it on a larger machine.',
  },
} as const satisfies Record<string, ErrorEntry>;
