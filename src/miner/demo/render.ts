import { ms } from '../render.ts';
import type { DemoResult } from './index.ts';

/** One line for each generation, and what it means. */
export function renderDemoSummary({ generations }: DemoResult): string[] {
  const rows = generations.map(({ generation, summary, answers }) =>
    [
      `generation ${generation}`,
      `${summary.right} of ${summary.asked} right`.padEnd(14),
      `MCC ${summary.mcc100.toFixed(2)}`,
      `reward ${summary.reward.toFixed(3)}`,
      summary.latencyMs === null ? 'no answer' : `${ms(summary.latencyMs.p50)} half of the time`,
      ...(new Set(answers.map(({ label }) => label)).size < 2
        ? ['(one class only came up, so the MCC is 0)']
        : []),
    ].join('  '),
  );
  return [
    'What a validator would make of it',
    ...rows.map((row) => `  ${row}`),
    '',
    'The scenes are drawn and the model knows only such: it shows how things work, not what they earn.',
  ];
}
