import { Counter, Gauge, type Registry } from 'prom-client';

/** A stage of a cascade. */
export interface StageFigures {
  readonly name: string;
  readonly up: boolean;
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
  readonly passed: number;
  readonly decided: number;
  readonly usualMs: number;
}

type Read = (stage: StageFigures) => number;

/** Registers what each stage does, by its name; stages of several profiles that have one name are counted together. */
export function registerStages(registry: Registry, stages: () => readonly StageFigures[]): void {
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

  function gauge(name: string, help: string, read: Read, join: (a: number, b: number) => number): void {
    new Gauge({
      name,
      help,
      labelNames: ['stage'],
      registers: [registry],
      collect() {
        this.reset();
        const values = new Map<string, number>();
        for (const stage of stages()) {
          const before = values.get(stage.name);
          values.set(stage.name, before === undefined ? read(stage) : join(before, read(stage)));
        }
        for (const [stage, value] of values) this.set({ stage }, value);
      },
    });
  }

  function counter(name: string, help: string, read: Read): void {
    new Counter({
      name,
      help,
      labelNames: ['stage'],
      registers: [registry],
      collect() {
        this.reset();
        for (const stage of stages()) this.inc({ stage: stage.name }, read(stage));
      },
    });
  }
}
