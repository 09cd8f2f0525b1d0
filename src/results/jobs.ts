import { z } from 'zod';

const at = z.number().nullable().describe('Unix time, milliseconds.');
const runtime = z.enum(['docker', 'podman', 'local']);

const progress = z.strictObject({
  event: z.literal('progress'),
  phase: z.string(),
  step: z.number().nonnegative().nullable(),
  of: z.number().nonnegative().nullable(),
  loss: z.number().nullable(),
  metrics: z.record(z.string(), z.number()),
  rate: z.number().nonnegative().nullable(),
  unit: z.string().nullable().describe('Of `rate`.'),
  eta: z.number().nonnegative().nullable().describe('Seconds that are left.'),
  message: z.string().nullable(),
});

/** What a command that runs a step prints with --json before its result, one object a line. */
export const jobLines = [
  z.strictObject({ event: z.literal('preparing'), step: z.enum(['environment', 'image']), what: z.string() }),
  z.strictObject({ event: z.literal('started'), id: z.string(), runtime, logFile: z.string() }),
  progress,
  z.strictObject({ event: z.literal('warning'), message: z.string() }),
  z.strictObject({ event: z.literal('note'), message: z.string() }),
] as const;

/** What such a command prints with --json and --dry-run. */
export const dryRunLine = z.strictObject({
  event: z.literal('dry-run'),
  runtime,
  image: z.string().nullable(),
  commands: z
    .array(z.array(z.string()))
    .describe('In the order in which they would run; secrets are not in them.'),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()).describe('Names of variables that are set too.'),
  checks: z.array(
    z.strictObject({
      name: z.enum(['runtime', 'gpu', 'driver', 'mounts', 'vram', 'disk', 'shm', 'memory']),
      ok: z.boolean(),
      message: z.string(),
    }),
  ),
});

const outcome = z.enum(['done', 'stopped', 'failed']);

export const jobsResults = {
  'jobs list': z.strictObject({
    jobs: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.string(),
        title: z.string(),
        runtime,
        status: z
          .enum(['running', 'stopping', 'unwatched', 'lost', 'done', 'stopped', 'failed'])
          .describe(
            'unwatched: it runs, and the process that watched it was killed; lost: it is gone, and nobody saw how it ended.',
          ),
        shown: z.boolean().describe('Whether a sv72 shows it to somebody now.'),
        startedAt: at,
        endedAt: at,
        exitCode: z.int().nullable(),
        progress: progress.nullable(),
        command: z.array(z.string()),
        writes: z.array(z.string()),
        logFile: z.string().nullable(),
      }),
    ),
  }),
  'jobs logs': z.strictObject({ id: z.string(), file: z.string(), lines: z.array(z.string()) }),
  'jobs attach': z
    .discriminatedUnion('event', [
      ...jobLines,
      z.strictObject({
        event: z.literal('ended'),
        id: z.string(),
        outcome,
        exitCode: z.int().nullable(),
        seconds: z.number(),
        logFile: z.string(),
        result: z.record(z.string(), z.unknown()).nullable().describe('What the job said of its outcome.'),
      }),
    ])
    .describe('One line of the output; `ended` comes last.'),
  'jobs stop': z.strictObject({
    jobs: z.array(z.strictObject({ id: z.string(), wasRunning: z.boolean(), outcome })),
  }),
};
