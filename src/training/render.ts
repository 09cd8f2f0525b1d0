import { plot } from './plot.ts';
import { type HistoryRow, type TrainingResults, weightsText } from './results.ts';

/** What a training came to, for people. */
export function renderTraining(results: TrainingResults): string[] {
  const { metrics, calibration, graph, seconds, hardware, pictures, steps, backbone } = results;
  return [
    ...curves(results.history),
    '',
    `Model         ${backbone.id}, ${(backbone.parameters / 1e6).toFixed(2)} M parameters, from ${weightsText(results)}`,
    `Trained       ${steps} steps on ${pictures.train} pictures in ${clock(seconds.training)} (${hardware})`,
    `Calibration   bias ${calibration.bias.toFixed(3)}, temperature ${calibration.temperature.toFixed(3)}, in the graph`,
    `Graph         ${graph.flips} of ${graph.views} decisions other than the network's`,
    '',
    'On pictures that were never trained on, with 95 % intervals:',
    ...metrics.map(({ condition, samples, values }) => {
      const cell = (name: string) =>
        `${name} ${fixed(values[name])} (${fixed(values[`${name}Low`])}–${fixed(values[`${name}High`])})`;
      return `  ${condition.padEnd(22)}${String(samples).padStart(6)} views  ${cell('reward')}  ${cell('accuracy')}`;
    }),
  ];
}

/** Loss and reward by epoch. */
function curves(history: readonly HistoryRow[]): string[] {
  if (history.length < 2) return [];
  return [
    ...plot({ name: 'loss, by epoch', values: history.map(({ loss }) => loss) }),
    ...plot({ name: 'reward on validation, by epoch', values: history.map(({ reward }) => reward) }),
  ];
}

function fixed(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3);
}

function clock(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
