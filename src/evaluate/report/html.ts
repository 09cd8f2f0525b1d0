import type { Evaluation, WorstReport } from '../evaluation.ts';
import type { Figures } from '../figures/measure.ts';
import {
  count,
  decimals,
  differenceText,
  metLine,
  modelLine,
  probability,
  verdictLine,
  withRange,
} from '../render.ts';
import { calibrationChart, thresholdChart } from './charts.ts';
import { escapeHtml } from './escape.ts';

/** A picture of the report: the view that is furthest off, as JPEG; null where it could not be made again. */
export interface Illustration {
  readonly worst: WorstReport;
  readonly jpeg: Uint8Array | null;
}

/**
 * An evaluation as one HTML file that needs nothing else: pictures and styles are in it, scripts and requests to other
 * places are forbidden by its own policy.
 */
export function reportHtml(evaluation: Evaluation, illustrations: readonly Illustration[], at: Date): string {
  const { model, data, settings, views, overall, threshold, calibration } = evaluation;
  const title = `${model.name} ${model.version} on ${data.name}`;
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    definitions([
      ['Model', modelLine(model)],
      ...(model.met === null ? [] : [['Beware', metLine(model.met)] as const]),
      ['SHA-256', model.sha256],
      [
        'Pictures',
        `${count(data.pictures)}${data.split === null ? '' : ` of the ${data.split} part`}: ${count(data.roadwork)} with roadwork, ${count(data.none)} without`,
      ],
      ...(data.fingerprint === null ? [] : [['Fingerprint', data.fingerprint] as const]),
      [
        'Views',
        `${count(views.count)}: generations ${settings.generations.join(', ')}, levels ${settings.levels.join(', ')}, ${settings.views} of each, seed ${settings.seed}${settings.freeCrop ? ', crop falls anywhere' : ''}${settings.colours === 'floats' ? ', colours on floats' : ''}`,
      ],
      ...(views.failed > 0
        ? [['Failed', `${count(views.failed)} views without an answer count as none`] as const]
        : []),
      ['Made', at.toISOString()],
    ]),
    '<h2>Figures</h2>',
    '<p>In brackets the 95 % interval. Reward is what a round is worth on average to a miner with these rates, of 1, when half of the pictures have roadwork.</p>',
    figureTable([
      ['all views', overall],
      ...evaluation.generations.flatMap(({ generation, figures }): [string, Figures][] => {
        const own = evaluation.conditions.filter((condition) => condition.generation === generation);
        return [
          [`generation ${generation}`, figures],
          ...(own.length > 1 ? own : []).map(({ level, figures: part }): [string, Figures] => [
            `generation ${generation}, level ${level}`,
            part,
          ]),
        ];
      }),
    ]),
    '<h2>Decisions</h2>',
    confusionTable(overall),
    `<div class="charts">${thresholdChart(threshold.curve, threshold.best)}${calibrationChart(calibration)}</div>`,
    ...(evaluation.comparison === null ? [] : comparisonPart(evaluation.comparison)),
    ...(evaluation.slices.length === 0
      ? []
      : [
          '<h2>Slices</h2>',
          figureTable(
            evaluation.slices.map(({ by, value, figures }): [string, Figures] => [
              `${by}: ${value}`,
              figures,
            ]),
          ),
        ]),
    ...(illustrations.length === 0
      ? []
      : [
          '<h2>Worst pictures</h2>',
          '<p>Each with the view that is furthest off. Where the label is what is wrong, correct the label.</p>',
          `<div class="pictures">${illustrations.map(illustrationPart).join('')}</div>`,
        ]),
    ...(data.unreadable.length === 0
      ? []
      : [
          '<h2>Left out</h2>',
          `<ul>${data.unreadable.map(({ picture, reason }) => `<li>${escapeHtml(picture)}: ${escapeHtml(reason)}</li>`).join('')}</ul>`,
        ]),
  ];
  return (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>\n<body>\n${body.join('\n')}\n</body></html>\n`
  );
}

function figureTable(rows: readonly (readonly [string, Figures])[]): string {
  const head = ['', 'Views', 'Pictures', 'Accuracy', 'Balanced', 'MCC', 'Reward', 'AUC', 'ECE', 'Brier'];
  const lines = rows.map(([name, { count: answers, clusters, values }]) => {
    const cells = [
      count(answers),
      count(clusters.none + clusters.roadwork),
      withRange(values.accuracy),
      withRange(values.balancedAccuracy),
      withRange(values.mcc),
      withRange(values.reward),
      withRange(values.auc),
      withRange(values.ece),
      withRange(values.brier),
    ];
    return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function confusionTable({ confusion: { tp, fp, fn, tn } }: Figures): string {
  return (
    '<table class="confusion"><thead><tr><th></th><th scope="col">said roadwork</th><th scope="col">said none</th></tr></thead><tbody>' +
    `<tr><th scope="row">is roadwork</th><td>${count(tp)}</td><td class="wrong">${count(fn)} missed</td></tr>` +
    `<tr><th scope="row">is none</th><td class="wrong">${count(fp)} false</td><td>${count(tn)}</td></tr></tbody></table>`
  );
}

function comparisonPart({ other, difference, generations }: NonNullable<Evaluation['comparison']>): string[] {
  const { mcnemar, clusters, flips, pairs } = difference;
  return [
    '<h2>Comparison</h2>',
    `<p><strong>${escapeHtml(verdictLine(difference))}</strong></p>`,
    definitions([
      ['Other', modelLine(other)],
      [
        'Decisions',
        `${count(flips)} of ${count(pairs)} differ: this one alone is right on ${count(mcnemar.onlyFirst)}, the other on ${count(mcnemar.onlySecond)}; McNemar, exact: p ${probability(mcnemar.p)}`,
      ],
      [
        'Pictures',
        `this one is better on ${count(clusters.betterFirst)}, the other on ${count(clusters.betterSecond)}, alike on ${count(clusters.same)}; sign test: p ${probability(clusters.p)}`,
      ],
      ['Accuracy', differenceText(difference.accuracy)],
      ['Reward', differenceText(difference.reward)],
      ...generations.map(
        ({ generation, difference: part }) =>
          [`Generation ${generation}`, `reward ${differenceText(part.reward)}`] as const,
      ),
    ]),
  ];
}

function illustrationPart({ worst, jpeg }: Illustration): string {
  const { picture, label, wrong, views, worst: view } = worst;
  const truth = label === 1 ? 'roadwork' : 'none';
  const image =
    jpeg === null
      ? '<div class="missing">not there any more</div>'
      : `<img alt="${escapeHtml(picture)}" src="data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}">`;
  const level = view.level === null ? '' : `, level ${view.level}`;
  return (
    `<figure>${image}<figcaption>is ${truth}, said ${decimals(view.p)}<br>generation ${view.generation}${level}<br>` +
    `${wrong} of ${views} views wrong<br><span class="path">${escapeHtml(picture)}</span></figcaption></figure>`
  );
}

function definitions(rows: readonly (readonly [string, string])[]): string {
  return `<dl>${rows.map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>`).join('')}</dl>`;
}

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap;font-weight:normal}
thead th{font-weight:600}.wrong{background:var(--soft)}
.charts,.pictures{display:flex;flex-wrap:wrap;gap:1.5rem}figure{margin:0}.charts figure{flex:1 1 26rem}
svg text{font:11px system-ui,sans-serif;fill:currentColor}.grid{stroke:var(--line)}.mark{stroke:currentColor;stroke-dasharray:3 3;opacity:.6}
.legend{display:flex;gap:1rem;flex-wrap:wrap;font-size:.85rem}
.pictures figure{width:224px}.pictures img,.missing{width:224px;height:224px;object-fit:contain;background:var(--soft)}
figcaption{font-size:.85rem;margin:.3rem 0}.path{opacity:.7;overflow-wrap:anywhere}
`.trim();
