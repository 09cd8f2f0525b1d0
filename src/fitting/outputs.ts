import { performance } from 'node:perf_hooks';
import { type Asked, type AskRequest, askViews, type OpenContestant } from '../evaluate/index.ts';
import type { Classifier, PredictOptions } from '../inference/index.ts';
import type { FittedStage } from './stage.ts';

export interface OutputsRequest extends Omit<AskRequest, 'device' | 'processes' | 'onReady'> {
  readonly stages: readonly FittedStage[];
}

/** What every stage said to every view; the answers in the order of the stages. */
export type Outputs = Asked;

/** A stage that needs longer for a view, ms, gives no answer to it. */
const PATIENCE_MS = 120_000;

/**
 * Shows all stages the same views of labelled pictures. The classifiers stay open.
 *
 * @throws Sv72Error as `askViews` does
 */
export async function stageOutputs({ stages, ...request }: OutputsRequest): Promise<Outputs> {
  return await askViews(stages.map(contestantOf), request);
}

function contestantOf({ name, classifier }: FittedStage): OpenContestant {
  const { bundle, engine, device } = classifier.info;
  // What a stage adds to its model stands behind a plus sign.
  const [, turned = null] = name.split('+');
  return {
    classifier: heldOpen(classifier),
    identity: JSON.stringify(['stage', bundle, engine, device, turned]),
  };
}

function heldOpen(classifier: Classifier): Classifier {
  return {
    info: classifier.info,
    predict: (image: Uint8Array, options: PredictOptions = {}) =>
      classifier.predict(image, {
        deadline: Math.min(options.deadline ?? Number.POSITIVE_INFINITY, performance.now() + PATIENCE_MS),
      }),
    stats: () => classifier.stats(),
    close: async () => {},
  };
}
