import type { Registry } from 'prom-client';
import { linesOf } from './lines.ts';

/** A stage of a profile's cascade. */
export interface StageFigures {
  readonly profile: string;
  readonly name: string;
  readonly up: boolean;
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
  readonly passed: number;
  readonly decided: number;
  readonly usualMs: number;
}

/** Registers what each stage does, by its profile and its name. */
export function registerStages(registry: Registry, stages: () => readonly StageFigures[]): void {
  // Groups of hotkeys may have one profile with different models: their stages are counted together.
  const { gauge, counter } = linesOf(registry, ['profile', 'stage'], stages, ({ profile, name }) => ({
    profile,
    stage: name,
  }));
  gauge(
    'sv72_cascade_stage_up',
    '1 while the stage is asked, 0 while it is left alone after failing again and again.',
    ({ up }) => Number(up),
    Math.min,
  );
  gauge(
    'sv72_cascade_stage_usual_seconds',
    'Nine of ten of its last answers were there within this time.',
    ({ usualMs }) => usualMs / 1_000,
    Math.max,
  );
  counter('sv72_cascade_stage_asked_total', 'Pictures that the stage was asked about.', ({ asked }) => asked);
  counter('sv72_cascade_stage_answered_total', 'Pictures that it answered.', ({ answered }) => answered);
  counter('sv72_cascade_stage_failed_total', 'Pictures that it gave no answer to.', ({ failed }) => failed);
  counter(
    'sv72_cascade_stage_passed_total',
    'Pictures that had an answer, and no time left for this stage.',
    ({ passed }) => passed,
  );
  counter(
    'sv72_cascade_stage_decided_total',
    'Pictures that it had the last word on.',
    ({ decided }) => decided,
  );
}
