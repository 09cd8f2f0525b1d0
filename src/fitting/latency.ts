import { performance } from 'node:perf_hooks';
import { type AnswerOptions, makeJpegs, type View } from '../evaluate/index.ts';
import type { FittedStage } from './stage.ts';

/** Half of the answers, and 95 of 100, are there within this time, ms. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

const SAMPLE = 24;
const PATIENCE_MS = 30_000;

/** How long each stage takes for one picture when nothing else is asked: some of the views, one after another. */
export async function measureLatency(
  stages: readonly FittedStage[],
  views: readonly View[],
  options: Pick<AnswerOptions, 'makers' | 'signal'> = {},
  now: () => number = () => performance.now(),
): Promise<Latency[]> {
  const step = Math.max(1, Math.floor(views.length / SAMPLE));
  const chosen = views.filter((_, i) => i % step === 0).slice(0, SAMPLE);
  const jpegs: Uint8Array[] = [];
  await makeJpegs(
    chosen,
    async (_, jpeg) => {
      jpegs.push(Uint8Array.from(jpeg));
    },
    options,
  );
  const times = stages.map((): number[] => []);
  // In turn, so that whatever else the machine does falls on all alike; the first round only warms up.
  for (const [round, jpeg] of [...jpegs.slice(0, 1), ...jpegs].entries()) {
    for (const [place, { classifier }] of stages.entries()) {
      const from = now();
      await classifier.predict(Uint8Array.from(jpeg), { deadline: from + PATIENCE_MS });
      if (round > 0) times[place]?.push(now() - from);
    }
  }
  return times.map((own) => {
    own.sort((a, b) => a - b);
    const at = (share: number): number => own[Math.ceil(own.length * share) - 1] ?? 0;
    return { p50: rounded(at(0.5)), p95: rounded(at(0.95)) };
  });
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
