import { hash } from 'node:crypto';
import type { Prediction } from '../../src/inference/index.ts';
import { type Double, double } from '../cascade/doubles.ts';

export interface Held extends Double {
  /** How many pictures wait for their answer. */
  waiting(): number;
  /** Answers all that wait. */
  release(): void;
}

/** A model that answers when it is told to; closed before, it answers with the prior, as a real one does. */
export function held(p: number): Held {
  const waiting: ((prediction: Prediction) => void)[] = [];
  const base = double({ kind: 'answers', p }, 0);
  const prediction = (image: Uint8Array, change: Partial<Prediction>): Prediction => ({
    probability: p,
    source: 'model',
    sha256: hash('sha256', image),
    width: 8,
    height: 8,
    format: 'png',
    timings: { queueMs: 0, decodeMs: 0, inferMs: 1 },
    ...change,
  });
  const closed: { source: 'prior'; reason: 'closed' } = { source: 'prior', reason: 'closed' };
  let isClosed = false;
  const answer = (change: Partial<Prediction>) => {
    for (const resolve of waiting.splice(0)) resolve(prediction(new Uint8Array(), change));
  };
  return {
    ...base,
    waiting: () => waiting.length,
    release: () => answer({}),
    async predict(image) {
      if (isClosed) return prediction(image, closed);
      return await new Promise((resolve) => waiting.push(resolve));
    },
    async close() {
      isClosed = true;
      this.closed += 1;
      answer(closed);
    },
  };
}
