import type { Gate, Latency } from '../bundle/index.ts';
import { percent } from './gate.ts';
import type { Row } from './list.ts';
import type { Quantized } from './quantize.ts';

/** What came of a conversion, for people. */
export function renderQuantized({ record, bytes, sourceBytes, file }: Quantized): string[] {
  const { gate, latency } = record;
  const rows = [
    [gate.passed ? 'Passed' : 'REJECTED', gate.reason ?? `${record.name} is in the bundle`],
    ['File', file],
    ['Size', `${size(bytes)}, ${percent(bytes / sourceBytes)} of ${size(sourceBytes)}`],
    ['Decisions', decisionsText(gate)],
    ['Reward', rewardText(gate)],
    ['Latency', latencyText(latency)],
  ];
  return rows.map(([title = '', text = '']) => `${title.padEnd(11)}${text}`);
}

/** The models of a bundle as a table, the reasons of what was rejected below it. */
export function renderRows(rows: readonly Row[]): string[] {
  const cells = [
    ['variant', 'state', 'size', 'latency', 'faster', 'flips', 'reward', 'served'],
    ...rows.map(({ name, state, bytes, latency, gate, servedOn }) => [
      name,
      state,
      size(bytes),
      latency === null ? '' : `${latency.variantMs} ms on ${latency.device}`,
      latency === null ? '' : `${(latency.sourceMs / latency.variantMs).toFixed(2)}×`,
      gate === null ? '' : `${gate.flips} of ${gate.pictures}`,
      gate === null ? '' : signed(gate.reward.difference),
      servedOn.join(', '),
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const table = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const reasons = rows.flatMap(({ name, gate, path, state }) =>
    state === 'rejected' && gate !== null ? [`${name} was rejected: ${gate.reason}. It is in ${path}.`] : [],
  );
  return [...table, ...(reasons.length > 0 ? ['', ...reasons] : [])];
}

function decisionsText({ flips, pictures, limit, worst, device, dataset }: Gate): string {
  return (
    `${flips} of ${pictures} differ (${percent(flips / pictures)}; ${percent(limit)} allowed) on ${device}, ` +
    `pictures of ${dataset.name}; the probability by ${worst.toFixed(3)} at most`
  );
}

function rewardText({ reward }: Gate): string {
  const { source, variant, difference, low, high } = reward;
  return `${variant.toFixed(4)} instead of ${source.toFixed(4)}: ${signed(difference)} (95 % ${signed(low)} to ${signed(high)})`;
}

function latencyText({ sourceMs, variantMs, threads, device, machine }: Latency): string {
  const gain = sourceMs / variantMs;
  return `${variantMs} ms instead of ${sourceMs} ms an image (${gain.toFixed(2)}×), ${threads} ${threads === 1 ? 'thread' : 'threads'} on ${device}: ${machine}`;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

const size = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
