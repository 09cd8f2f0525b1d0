import type { ErrorEntry } from './types.ts';

export const servingErrors = {
  ERR_SERVING_NOTHING: {
    who: 'user',
    exit: 1,
    meaning: 'The profile asks no inference server: its models run embedded in sv72.',
    next: 'Set engine to oip or openai, for the profile or one of its stages, or leave it: nothing has to be started.',
  },
  ERR_SERVING_ADDRESS: {
    who: 'user',
    exit: 1,
    meaning:
      'A server that sv72 is to run needs a plain http URL on the loopback of this machine, with a port of its own.',
    next: 'Set server.url of the profile or stage to, for example, http://127.0.0.1:8000 (openai: http://127.0.0.1:8000/v1).',
  },
  ERR_SERVING_WEIGHTS: {
    who: 'user',
    exit: 1,
    meaning: 'It is not known which chat model a server is to run, or how much memory that needs.',
    next: 'Set server.container.weights to owner/name or a folder; where its size cannot be told from its name, set server.container.memory_gib.',
  },
  ERR_SERVING_RUNTIME: {
    who: 'user',
    exit: 1,
    meaning: 'Neither docker nor podman works here, and servers run in containers.',
    next: 'Install one of them (Debian, Ubuntu: `apt install podman`), or run the server yourself: `sv72 engine render` writes the files.',
  },
  ERR_SERVING_PORT: {
    who: 'user',
    exit: 1,
    meaning: 'Something else listens on the port that a server is to have.',
    next: 'End it, or choose another port in server.url.',
  },
  ERR_SERVING_MODEL: {
    who: 'user',
    exit: 1,
    meaning: 'A server already answers on the port, but it has not the model that the profile wants.',
    next: 'Stop that server, name its model in server.model, or choose another port in server.url.',
  },
  ERR_SERVING_CHANGED: {
    who: 'user',
    exit: 1,
    meaning: 'The server runs, but it was started with other settings than there are now.',
    next: 'Run `sv72 engine up --recreate` when a short gap does not matter.',
  },
  ERR_SERVING_IMAGE: {
    who: 'outside',
    exit: 3,
    meaning: 'The container image of a server could not be fetched.',
    next: 'Read what the engine said, check the name, the connection and the free space, then run the command again.',
  },
  ERR_SERVING_GPU: {
    who: 'user',
    exit: 1,
    meaning: 'The server needs a GPU, and there is none here, or not the one that was asked for.',
    next: 'Look at what `nvidia-smi` says, or choose another number in server.container.gpu.',
  },
  ERR_SERVING_VRAM: {
    who: 'user',
    exit: 1,
    meaning: 'The models do not fit into the memory of the GPUs, by what is known before they start.',
    next: 'Run `sv72 plan` to see what would fit.',
  },
  ERR_SERVING_MEMORY: {
    who: 'outside',
    exit: 3,
    meaning: 'A server ran out of memory while it was starting.',
    next: 'Run `sv72 plan`; give it less (server.container.context, .sequences, smaller weights), or free memory of the GPU.',
  },
  ERR_SERVING_START: {
    who: 'outside',
    exit: 3,
    meaning: 'A server ended while it was starting.',
    next: 'Run `sv72 engine logs` to read all it said.',
  },
  ERR_SERVING_NOT_READY: {
    who: 'outside',
    exit: 3,
    meaning: 'A server runs but did not become ready in its time.',
    next: 'Run `sv72 engine logs`; a first start may download many gigabytes: server.container.start_s gives it more time.',
  },
  ERR_SERVICE_MANAGER: {
    who: 'outside',
    exit: 3,
    meaning: 'systemd refused a change of a service.',
    next: 'Read what it said; `sv72 service install --output FOLDER` only writes the files.',
  },
  ERR_SERVICE_NO_MANAGER: {
    who: 'user',
    exit: 1,
    meaning: 'No systemd can be asked here (for example in a container, or without a session of this user).',
    next: 'Use --as pm2, or --output FOLDER and put the files where systemd runs.',
  },
  ERR_SERVICE_TEXT: {
    who: 'user',
    exit: 1,
    meaning: 'A path or name that would stand in a service file has characters that cannot be written there.',
    next: 'Use a path without line breaks and control characters.',
  },
} as const satisfies Record<string, ErrorEntry>;
