import { performance } from 'node:perf_hooks';
import { createCascade } from '../../src/cascade/index.ts';
import type { Classifier, Prediction } from '../../src/inference/index.ts';

/** Answers a second of a cascade of stages of fixed latency, and what would be possible at the most. */
export interface CascadeRate {
  readonly what: string;
  readonly optimum: number;
  readonly perSecond: number;
  /** Half of the answers take this long when nothing else is asked, and the least that they could take. */
  readonly p50Ms: number;
  readonly leastMs: number;
}

const FIRST_MS = 5;
const SECOND_MS = 40;
/** Of the pictures; the first stage is sure of the others. */
const DOUBTFUL = 0.1;
const CALLERS = 64;

/** Stages that do one picture at a time; pictures of which one in ten is doubtful. */
export async function measureCascade(pictures: number): Promise<CascadeRate[]> {
  const doubtful = (picture: number) => picture % (1 / DOUBTFUL) === 0;
  const firstAlone = 1_000 / FIRST_MS;
  const both = Math.min(firstAlone, 1_000 / (SECOND_MS * DOUBTFUL));
  return [
    await measure('two stages', both, FIRST_MS, pictures, lane(SECOND_MS), doubtful),
    await measure('the second is gone', firstAlone, FIRST_MS, pictures, gone(), doubtful),
  ];
}

async function measure(
  what: string,
  optimum: number,
  leastMs: number,
  pictures: number,
  second: Classifier,
  doubtful: (picture: number) => boolean,
): Promise<CascadeRate> {
  const cascade = createCascade({
    stages: [
      { name: 'first', classifier: lane(FIRST_MS, doubtful), stopBelow: 0.2, stopAbove: 0.8 },
      { name: 'second', classifier: second },
    ],
  });
  const ask = async (picture: number): Promise<Prediction> => {
    const image = new Uint8Array(12_000);
    new DataView(image.buffer).setUint32(0, picture);
    return await cascade.predict(image, { deadline: performance.now() + 9_000 });
  };
  // What is gone is known to be gone after three failures.
  await Promise.all([0, 10, 20, 30].map(ask));
  const alone: number[] = [];
  for (let picture = 1; picture < 60; picture++) {
    const from = performance.now();
    await ask(picture);
    alone.push(performance.now() - from);
  }
  let next = 0;
  const from = performance.now();
  const caller = async (): Promise<void> => {
    while (next < pictures) await ask(next++);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const perSecond = pictures / ((performance.now() - from) / 1_000);
  await cascade.close();
  alone.sort((a, b) => a - b);
  return {
    what,
    optimum,
    perSecond: Math.round(perSecond * 10) / 10,
    p50Ms: Math.round((alone[alone.length >> 1] ?? 0) * 100) / 100,
    leastMs,
  };
}

/** One picture after another, each in exactly this time. */
function lane(ms: number, doubtful: (picture: number) => boolean = () => false): Classifier {
  let free = 0;
  return stage(ms, async (image) => {
    const at = performance.now();
    free = Math.max(at, free) + ms;
    await new Promise((resolve) => setTimeout(resolve, free - at));
    const picture = new DataView(image.buffer).getUint32(0);
    return prediction(doubtful(picture) ? 0.5 : 0.95);
  });
}

function gone(): Classifier {
  return stage(SECOND_MS, async () => ({
    ...prediction(0.5),
    source: 'prior',
    reason: 'engine-unavailable',
  }));
}

function prediction(probability: number): Prediction {
  const timings = { queueMs: 0, decodeMs: 0, inferMs: 0 };
  return { probability, source: 'model', sha256: '', width: 224, height: 224, format: 'jpeg', timings };
}

function stage(inferMs: number, predict: (image: Uint8Array) => Promise<Prediction>): Classifier {
  return {
    info: {
      bundle: { name: 'double', version: '1', demo: true, sha256: '' },
      engine: 'double',
      device: 'cpu',
      deviceAttempts: [],
      precision: 'fp32',
      variant: { name: 'fp32', why: '' },
      processes: 1,
      threads: 1,
      maxBatch: 1,
      inferMs,
    },
    predict,
    stats: () => {
      throw new Error('no statistics');
    },
    close: async () => {},
  };
}
