import { join } from 'node:path';
import { loadBundle } from '../../../src/bundle/index.ts';
import { type Classifier, createClassifier } from '../../../src/inference/index.ts';
import {
  type ColourMaths,
  challengeImage,
  createRandom,
  drawScene,
  type Generation,
  type Label,
  type Level,
} from '../../../src/simulate/index.ts';

export const DEMO_BUNDLE = join(import.meta.dirname, '../../../models/demo');

export async function openDemo(): Promise<Classifier> {
  return createClassifier({ bundle: await loadBundle(DEMO_BUNDLE), device: 'cpu', threads: 1 });
}

export interface Trial {
  readonly generation: Generation;
  readonly level: Level;
  readonly freeCrop?: boolean;
  readonly firstSeed: number;
  readonly scenes: number;
  readonly width?: number;
  readonly colours?: ColourMaths;
}

/** Balanced accuracy of the decisions that a miner would send, from the wire's JPEG on. */
export async function balancedAccuracy(classifier: Classifier, trial: Trial): Promise<number> {
  const right: Record<Label, number> = { 0: 0, 1: 0 };
  const count: Record<Label, number> = { 0: 0, 1: 0 };
  for (let seed = trial.firstSeed; seed < trial.firstSeed + trial.scenes; seed++) {
    const scene = await drawScene(seed, trial.width === undefined ? {} : { width: trial.width });
    const { jpeg } = await challengeImage({
      image: scene.image,
      maskPoints: scene.maskPoints,
      generation: trial.generation,
      level: trial.level,
      freeCrop: trial.freeCrop ?? false,
      colours: trial.colours ?? 'bytes',
      rng: createRandom(seed, `trial ${trial.generation} ${trial.level}`),
    });
    const { probability, source } = await classifier.predict(jpeg);
    if (source === 'prior') throw new Error(`seed ${seed} was answered with the prior`);
    count[scene.label]++;
    if ((probability > 0.5 ? 1 : 0) === scene.label) right[scene.label]++;
  }
  return (right[0] / count[0] + right[1] / count[1]) / 2;
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
