import { hostPort, ms, shortAddress } from '../render.ts';
import type { ScoredAnswer, TargetReport } from './report.ts';

/** One line for one answer. */
export function renderAnswer(answer: ScoredAnswer, target?: { host: string; port: number }): string {
  const said = answer.prediction === -1 ? 'nothing' : answer.prediction.toFixed(4);
  const level = answer.level === null ? '' : ` level ${answer.level}`;
  return [
    String(answer.index + 1).padStart(4),
    `generation ${answer.generation}${level}`.padEnd(20),
    `${answer.width}×${answer.height}`.padEnd(9),
    `is ${answer.label === 1 ? 'roadwork' : 'none'}`.padEnd(11),
    `said ${said}`.padEnd(12),
    answer.outcome.padEnd(7),
    ms(answer.latencyMs).padStart(8),
    `reward ${answer.reward.toFixed(3)}`,
    ...(target === undefined ? [] : [`from ${hostPort(target.host, target.port)}`]),
    ...(answer.problem === null ? [] : [answer.problem]),
  ].join('  ');
}

/** What a validator would make of it, in a few lines. */
export function renderSummary({ target, summary }: TargetReport): string[] {
  const { latencyMs, asked, answered, right } = summary;
  const rows: [string, string][] = [
    ['answered', `${answered} of ${asked}`],
    ['right', `${right} of ${answered}: accuracy ${percent(summary.accuracy)}`],
    [
      'MCC',
      `${summary.mcc100.toFixed(3)} over the last 100, accuracy ${percent(summary.accuracy10)} over the last 10`,
    ],
    ['reward', `${summary.reward.toFixed(3)} now, ${summary.meanReward.toFixed(3)} on average`],
    ['worth', `${summary.worth.toFixed(3)}: what this accuracy earns a miner in the long run, of 1`],
    [
      'latency',
      latencyMs === null
        ? 'no answer'
        : `${ms(latencyMs.p50)} half of the time, ${ms(latencyMs.p90)} for 9 in 10, ${ms(latencyMs.max)} at most`,
    ],
    ...summary.problems.map(({ problem, count }): [string, string] => ['problem', `${count} × ${problem}`]),
  ];
  return [
    `${hostPort(target.host, target.port)}  ${shortAddress(target.hotkey)}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(8)}  ${value}`),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
