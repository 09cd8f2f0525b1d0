import { z } from 'zod';
import type { ProgressRecord, ResultRecord } from '../types.ts';

const processId = z.object({ pid: z.int().positive(), start: z.string() });

/** `job.json`: what was started; written once, before it begins. No secret is in it. */
export const jobFile = z.object({
  format: z.literal(1),
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  runtime: z.enum(['docker', 'podman', 'local']),
  /** Name of the container; null: a process of this machine. */
  container: z.string().nullable(),
  /** As `--dry-run` shows it. */
  command: z.array(z.string()),
  /** Folders of this machine that it writes to. */
  writes: z.array(z.string()),
  /** Unix time, milliseconds. */
  startedAt: z.number(),
  stopGraceMs: z.number(),
});
export type JobFile = z.infer<typeof jobFile>;

const progress: z.ZodType<ProgressRecord> = z.object({
  event: z.literal('progress'),
  phase: z.string(),
  step: z.number().nullable(),
  of: z.number().nullable(),
  loss: z.number().nullable(),
  metrics: z.record(z.string(), z.number()),
  rate: z.number().nullable(),
  unit: z.string().nullable(),
  eta: z.number().nullable(),
  message: z.string().nullable(),
});
const result: z.ZodType<ResultRecord> = z.object({
  event: z.literal('result'),
  data: z.record(z.string(), z.unknown()),
});

/** `state.json`: how it stands; written by the process that watches the job. */
export const stateFile = z.object({
  watcher: processId,
  /** The job itself, or the engine's program. */
  process: processId.nullable(),
  stopping: z.boolean(),
  lastProgress: progress.nullable(),
  lastResult: result.nullable(),
  warnings: z.array(z.string()),
  lastLines: z.array(z.string()),
  ended: z
    .object({
      at: z.number(),
      outcome: z.enum(['done', 'stopped', 'failed']),
      exitCode: z.int().nullable(),
      signal: z.string().nullable(),
    })
    .nullable(),
});
export type StateFile = z.infer<typeof stateFile>;

/** `client.json`: who shows the job to somebody. */
export const clientFile = processId;
