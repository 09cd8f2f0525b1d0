import type { CalibrationBin, ThresholdPoint } from '../figures/curves.ts';
import { escapeHtml } from './escape.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, MARGIN] = [520, 300, 44, 36, 18];

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dash?: string;
  readonly points: readonly (readonly [number, number | null])[];
}

/** Rates and reward over the threshold, as SVG. */
export function thresholdChart(curve: readonly ThresholdPoint[], best: ThresholdPoint | null): string {
  const line = (
    name: string,
    colour: string,
    value: (point: ThresholdPoint) => number | null,
    dash?: string,
  ): Line => ({
    name,
    colour,
    ...(dash !== undefined && { dash }),
    points: curve.map((point) => [point.threshold, value(point)]),
  });
  const marks = [
    mark(0.5, 'in use'),
    ...(best === null || best.threshold === 0.5 ? [] : [mark(best.threshold, 'best here')]),
  ];
  return chart(
    'Reward and rates over the threshold',
    'threshold',
    [
      line('reward', '#2f6fde', ({ reward }) => reward),
      line('roadwork recognised', '#c2570c', ({ sensitivity }) => sensitivity, '6 3'),
      line('none recognised', '#3f7d3a', ({ specificity }) => specificity, '2 3'),
    ],
    marks.join(''),
  );
}

/** Said against was, as SVG; the area of a dot is the share of answers in its bin. */
export function calibrationChart(bins: readonly CalibrationBin[]): string {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const dots = bins.flatMap(({ said, was, count }) =>
    said === null || was === null
      ? []
      : [
          `<circle cx="${x(said)}" cy="${y(was)}" r="${(3 + 12 * Math.sqrt(count / total)).toFixed(1)}" fill="#2f6fde" fill-opacity=".45" stroke="#2f6fde"><title>${count} answers: said ${said.toFixed(3)}, was ${was.toFixed(3)}</title></circle>`,
        ],
  );
  const even: Line = {
    name: 'well calibrated',
    colour: '#888',
    dash: '4 4',
    points: [
      [0, 0],
      [1, 1],
    ],
  };
  return chart(
    'Calibration: probability said against share that was roadwork',
    'said',
    [even],
    dots.join(''),
  );
}

function chart(title: string, axis: string, lines: readonly Line[], more: string): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - MARGIN}" y1="${y(value)}" y2="${y(value)}" class="grid"/>` +
      `<text x="${LEFT - 6}" y="${y(value)}" text-anchor="end" dominant-baseline="middle">${value}</text>` +
      `<text x="${x(value)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${value}</text>`,
  );
  const paths = lines.map(({ name, colour, dash, points }) => {
    const path = points.flatMap(([at, value]) => (value === null ? [] : [`${x(at)},${y(value)}`]));
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}><title>${escapeHtml(name)}</title></polyline>`;
  });
  const legend = lines.map(
    ({ name, colour, dash }) =>
      `<span><svg width="28" height="8" aria-hidden="true"><line x1="0" x2="28" y1="4" y2="4" stroke="${colour}" stroke-width="2"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/></svg> ${escapeHtml(name)}</span>`,
  );
  return (
    `<figure><figcaption>${escapeHtml(title)}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${ticks.join('')}${paths.join('')}${more}` +
    `<text x="${(LEFT + WIDTH - MARGIN) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${escapeHtml(axis)}</text></svg>` +
    `<p class="legend">${legend.join('')}</p></figure>`
  );
}

function mark(threshold: number, text: string): string {
  return `<line x1="${x(threshold)}" x2="${x(threshold)}" y1="${y(1)}" y2="${y(0)}" class="mark"><title>${escapeHtml(`${threshold}: ${text}`)}</title></line>`;
}

function x(value: number): number {
  return Math.round((LEFT + value * (WIDTH - LEFT - MARGIN)) * 10) / 10;
}

function y(value: number): number {
  return Math.round((HEIGHT - BOTTOM - value * (HEIGHT - BOTTOM - MARGIN)) * 10) / 10;
}
