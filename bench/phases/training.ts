import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { trainerPython } from '../../scripts/demo/python.ts';

/** Images a second of the trainer with a small net on the CPU. */
export interface TrainingRates {
  readonly backbone: string;
  readonly hardware: string;
  readonly workers: number;
  readonly rates: {
    /** The bound: the same step on random pixels that are there already. */
    readonly random: number;
    /** Views that were made once and stored. */
    readonly stored: number;
    /** New views each time, of pictures from the decode cache. */
    readonly fresh: number;
    /** New views of 12-megapixel pictures as they are. */
    readonly freshUncached: number;
  };
}

/** Runs the trainer's own benchmark, in the environment of its tests (torch: some 4 GB, installed on first use). */
export async function measureTraining(root: string, steps: number): Promise<TrainingRates> {
  const trainer = join(root, 'templates', 'train');
  const cache = process.env.SV72_TRAINER_CACHE ?? join(root, '.cache', 'demo');
  mkdirSync(cache, { recursive: true });
  const python = await trainerPython(trainer, cache);
  const { status, stdout, stderr } = spawnSync(
    python,
    [
      '-m',
      'sv72_train.bench',
      '--steps',
      String(steps),
      '--pictures',
      '16',
      '--batch',
      '16',
      '--threads',
      '1',
    ],
    { cwd: trainer, encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
  );
  if (status !== 0) throw new Error(`the trainer's benchmark ended with ${status}: ${stderr.slice(-2_000)}`);
  const { event: _, ...result } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  return result;
}
