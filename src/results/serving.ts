import { z } from 'zod';

const kind = z.enum(['triton', 'vllm', 'sglang', 'max']);
const bytes = z.number().nonnegative().describe('Bytes.');

const server = {
  id: z.string().describe('The profile, and its stage where it has several.'),
  kind,
  model: z.string().describe('What clients call the model.'),
  url: z.string(),
};

const container = z.strictObject({
  name: z.string(),
  state: z.string().describe('As the container engine calls it: created, running, exited, …'),
  running: z.boolean(),
  exitCode: z.int().nullable(),
  outOfMemory: z.boolean(),
  restarts: z.int(),
  image: z.string(),
  hash: z.string().nullable().describe('Of the settings that it was started with.'),
  gpu: z.int().nullable(),
  startedAt: z.string().nullable(),
});

const placed = z.strictObject({
  id: z.string(),
  kind: z.enum(['triton', 'vllm', 'sglang', 'max', 'embedded']),
  what: z.string(),
  from: z.enum(['files', 'settings', 'name']).describe('How its size is known.'),
  gpu: z.int().nullable().describe('null: on the CPU.'),
  running: z.boolean().describe('Whether it runs already, so that what it takes is not free any more.'),
  weightsBytes: bytes,
  runtimeBytes: bytes,
  kvBytes: bytes,
  kvTokens: z.int().nonnegative(),
  holds: z.int().nullable().describe('Questions of full length that the KV cache holds.'),
  bytes,
  share: z.number().nullable().describe('Of the GPU’s memory, as vLLM is told it.'),
  freeShare: z.number().nullable().describe('Of what is free when it starts.'),
});

const services = z.array(
  z.strictObject({
    name: z.string(),
    manager: z.enum(['systemd', 'pm2']),
    scope: z.enum(['user', 'system']),
    file: z.string(),
    runs: z.string().describe('The command of sv72, such as `serve --all`.'),
    active: z
      .string()
      .describe('As systemd says it: active, inactive, failed, …; unknown: it cannot be asked.'),
    problems: z.array(z.string()),
  }),
);

export const servingResults = {
  'engine up': z.strictObject({
    profile: z.string(),
    servers: z.array(
      z.strictObject({
        ...server,
        state: z
          .enum(['started', 'running', 'adopted'])
          .describe('adopted: somebody else started it, and it has the model.'),
        container: z.string().nullable(),
        image: z.string().nullable(),
        gpu: z.int().nullable(),
        seconds: z.number(),
      }),
    ),
  }),
  'engine down': z.strictObject({
    profile: z.string(),
    servers: z.array(
      z.strictObject({
        id: z.string(),
        container: z.string(),
        was: z.boolean().describe('Whether there was a container of sv72.'),
        gone: z.boolean(),
      }),
    ),
  }),
  'engine status': z.strictObject({
    profile: z.string(),
    servers: z.array(
      z.strictObject({
        ...server,
        answers: z.enum(['ready', 'loading', 'other', 'absent']),
        why: z.string().nullable(),
        container: container.nullable(),
        current: z.boolean().nullable().describe('Whether it was started with the settings of now.'),
      }),
    ),
  }),
  'engine logs': z.strictObject({
    servers: z.array(
      z.strictObject({
        id: z.string(),
        container: z.string(),
        from: z
          .enum(['container', 'kept', 'none'])
          .describe('kept: of the last start that failed, whose container is gone.'),
        lines: z.array(z.string()),
      }),
    ),
  }),
  'engine render': z.strictObject({
    profile: z.string(),
    for: z.enum(['compose', 'systemd', 'pm2', 'kubernetes']),
    folder: z.string(),
    files: z.array(z.string()),
    next: z.array(z.string()).describe('Commands to run then.'),
  }),
  plan: z.strictObject({
    profiles: z.array(z.string()),
    fits: z.boolean(),
    gpus: z.array(
      z.strictObject({
        index: z.int(),
        name: z.string(),
        memoryBytes: bytes,
        freeBytes: bytes,
        marginBytes: bytes,
        plannedBytes: bytes,
        leftBytes: z.number().describe('Bytes; negative: what is missing.'),
      }),
    ),
    models: z.array(placed),
    problems: z.array(z.string()),
    advice: z.array(z.string()),
  }),
  'service install': z.strictObject({
    name: z.string(),
    manager: z.enum(['systemd', 'pm2']),
    scope: z.enum(['user', 'system']),
    runs: z.string().describe('The command of sv72, such as `serve --all`.'),
    miners: z.array(z.strictObject({ hotkey: z.string(), profile: z.string() })),
    files: z.array(z.string()),
    removed: z.array(z.string()).describe('Files of an earlier installation that this one has no use for.'),
    enabled: z.boolean(),
    next: z.array(z.string()).describe('Commands to run then.'),
    warnings: z.array(z.string()),
  }),
  'service uninstall': z.strictObject({ removed: z.array(z.string()) }),
  'service status': z.strictObject({ services }),
};
