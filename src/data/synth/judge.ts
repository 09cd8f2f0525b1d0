import { loadBundle } from '../../bundle/index.ts';
import { Sv72Error } from '../../errors/index.ts';
import { createClassifier } from '../../inference/index.ts';

/** A model that says what a generated picture shows. */
export interface Judge {
  /** Probability of road works. @throws Sv72Error ERR_ENGINE_START when the engine gives no answer */
  probability(picture: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/**
 * Loads a bundle as a judge.
 *
 * @throws what `loadBundle` and `createClassifier` throw
 */
export async function openJudge(folder: string): Promise<Judge> {
  const classifier = await createClassifier({ bundle: await loadBundle(folder), cache: { entries: 0 } });
  return {
    async probability(picture) {
      const { probability, source, reason } = await classifier.predict(picture);
      if (source !== 'prior') return probability;
      throw new Sv72Error('ERR_ENGINE_START', `The judge ${folder} gave no answer (${reason ?? 'unknown'}).`);
    },
    close: () => classifier.close(),
  };
}
