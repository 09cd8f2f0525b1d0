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
  const found: Latency[] = [];
  for (const { classifier } of stages) {
    const times: number[] = [];
    for (const jpeg of jpegs) {
      const from = now();
      await classifier.predict(Uint8Array.from(jpeg), { deadline: from + PATIENCE_MS });
      times.push(now() - from);
    }
    times.sort((a, b) => a - b);
    const at = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? 0;
    found.push({ p50: rounded(at(0.5)), p95: rounded(at(0.95)) });
  }
  return found;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
