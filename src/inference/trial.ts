import { createClassifier } from './classifier.ts';
import type { ClassifierInfo, ClassifierOptions, Device } from './types.ts';

/** What came of a trial; the names are those of the JSON that a command prints. */
export interface Trial {
  readonly engine: string;
  readonly device: ClassifierInfo['device'];
  readonly attempts: { device: Device; ok: boolean; detail: string }[];
  readonly precision: ClassifierInfo['precision'];
  readonly threads: number;
  readonly max_batch: number;
  /** ms, to a hundredth. */
  readonly infer_ms: number;
}

/**
 * Loads a model, checks its graph, runs it and stops.
 *
 * @throws as `createClassifier`
 */
export async function trial(
  options: Pick<ClassifierOptions, 'bundle' | 'device' | 'precision' | 'variant'>,
): Promise<Trial> {
  const classifier = await createClassifier(options);
  const { engine, device, deviceAttempts, precision, threads, maxBatch, inferMs } = classifier.info;
  await classifier.close();
  return {
    engine,
    device,
    attempts: [...deviceAttempts],
    precision,
    threads,
    max_batch: maxBatch,
    infer_ms: Math.round(inferMs * 100) / 100,
  };
}
