import { z } from 'zod';
import { seconds } from './fields.ts';
import { server } from './server.ts';
import { bundle, device, engine, precision, processes, stage, threads, variant } from './stage.ts';

const profile = (defaults: {
  threads: 'auto' | number;
  cacheEntries: number;
  deadline: number;
  modality: 'image' | 'video';
}) =>
  z
    .strictObject({
      modality: z
        .enum(['image', 'video'])
        .default(defaults.modality)
        .describe('What the profile answers: image or video.'),
      engine: engine
        .default('onnx')
        .describe(
          'Where the model runs: onnx (in this machine, embedded), oip or openai (an inference server).',
        ),
      bundle: bundle
        .default('demo')
        .describe('Model bundle: a directory, or "demo" for the demonstration model that comes with sv72.'),
      device: device
        .default('auto')
        .describe('Device of the embedded engine; auto takes the best one that works here.'),
      precision: precision
        .default('auto')
        .describe('Precision of the model of the bundle to run; auto leaves the choice to variant.'),
      variant: variant
        .default('auto')
        .describe(
          'Which model of the bundle to run, as `sv72 bundle variants` names them; auto takes the one that is worth it on the device and passed its gate.',
        ),
      threads: threads
        .default(defaults.threads)
        .describe('Threads of one inference; auto fits the model to the machine.'),
      processes: processes.default(1).describe('Engine processes that answer side by side.'),
      prior: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe(
          'Probability answered when there is no picture to look at or no time; exactly 0.5 counts as "no roadwork".',
        ),
      answer_within_s: seconds(0.5, 60)
        .default(defaults.deadline)
        .describe(
          'Latest answer, in seconds after the request arrived; the caller’s own time-out is kept too.',
        ),
      server,
      launch: z
        .enum(['none', 'auto'])
        .default('none')
        .describe(
          'Whether `serve` starts the inference servers of the profile that do not run yet, in containers.',
        ),
      stages: z
        .array(stage)
        .max(4)
        .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'must have different names')
        .default([])
        .describe(
          'Models that answer one after another until one is sure, each with what differs from the profile; none: the profile’s own fields are the one model.',
        ),
      clip_frames: z
        .int()
        .min(1)
        .max(64)
        .default(8)
        .describe('Frames of a clip that are looked at, where the profile answers video.'),
      cascade: z
        .string()
        .min(1)
        .nullable()
        .default(null)
        .describe('File of `sv72 cascade fit`: how the stages are weighed, and when one is sure.'),
      cache_entries: z
        .int()
        .min(0)
        .max(1_000_000)
        .default(defaults.cacheEntries)
        .describe('Answers remembered by the hash of the picture; 0 remembers none.'),
      cache_ttl_s: seconds(1, 86_400).default(600).describe('How long an answer is remembered, in seconds.'),
    })
    .prefault({});

export const profileName = z.enum(['speed', 'accuracy', 'video']);

/** How the miner answers, by purpose. */
export const profiles = z
  .strictObject({
    speed: profile({ threads: 'auto', cacheEntries: 1024, deadline: 4, modality: 'image' }).describe(
      'One small model, embedded, as fast as it gets.',
    ),
    accuracy: profile({ threads: 'auto', cacheEntries: 4096, deadline: 8, modality: 'image' }).describe(
      'A large model: takes the time that the challenge leaves.',
    ),
    video: profile({ threads: 'auto', cacheEntries: 1024, deadline: 8, modality: 'video' }).describe(
      'Clips instead of pictures; today’s validators send none.',
    ),
  })
  .prefault({});
