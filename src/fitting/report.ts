import type { Policy } from '../cascade/index.ts';
import { writeWhole } from '../config/index.ts';
import { escapeHtml } from '../evaluate/index.ts';
import type { Fitted } from './fit.ts';
import { frame } from './plot.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, MARGIN] = [640, 360, 64, 44, 20];

/** Writes the trade-off as one HTML file that needs nothing else. @throws Sv72Error ERR_FILE_WRITE */
export async function writeFitReport(path: string, fitted: Fitted): Promise<void> {
  await writeWhole(path, fitReport(fitted));
}

/** The trade-off as HTML: a chart, and a table of the same. */
function fitReport({ file, policies, chosen }: Fitted): string {
  const names = file.stages.map(({ name }) => escapeHtml(name));
  const rows = policies.map(
    (policy) =>
      `<tr${policy === chosen ? ' class="chosen"' : ''}><td>${policy.reward.toFixed(4)}</td><td>${policy.latencyMs.toFixed(1)}</td><td>${policy.costPer1000.toFixed(3)}</td>` +
      policy.decided.map((share) => `<td>${(share * 100).toFixed(1)}</td>`).join('') +
      `<td>${policy === chosen ? 'chosen' : ''}</td></tr>`,
  );
  const title = `Cascade of the profile ${escapeHtml(file.profile)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{padding:.15rem .7rem;text-align:right;border-bottom:1px solid #ddd}.chosen{font-weight:bold;background:#eef4ff}.grid{stroke:#ddd}svg text{font-size:12px}</style></head>
<body><h1>${title}</h1>
<p>${escapeHtml(file.dataset.name)}: ${file.dataset.pictures} pictures, ${file.dataset.views} views. Fitted ${escapeHtml(file.made.slice(0, 10))}. Every point is a pair of bounds for each stage that no other beats in reward, time and cost at once.</p>
${tradeOffChart(policies, chosen)}
<table><thead><tr><th>reward</th><th>ms</th><th>cost of 1,000</th>${names.map((name) => `<th>${name} %</th>`).join('')}<th></th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></body></html>
`;
}

function tradeOffChart(policies: readonly Policy[], chosen: Policy): string {
  const { x, y, least, most, slowest } = frame(policies);
  const left = (policy: Policy): string => (LEFT + x(policy) * (WIDTH - LEFT - MARGIN)).toFixed(1);
  const top = (policy: Policy): string =>
    (HEIGHT - BOTTOM - y(policy) * (HEIGHT - BOTTOM - MARGIN)).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - MARGIN);
    const across = LEFT + share * (WIDTH - LEFT - MARGIN);
    return (
      `<line x1="${LEFT}" x2="${WIDTH - MARGIN}" y1="${at}" y2="${at}" class="grid"/>` +
      `<text x="${LEFT - 6}" y="${at + 4}" text-anchor="end">${(least + share * (most - least)).toFixed(3)}</text>` +
      `<text x="${across}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${(share * slowest).toFixed(0)}</text>`
    );
  });
  const dots = policies.map(
    (policy) =>
      `<circle cx="${left(policy)}" cy="${top(policy)}" r="${policy === chosen ? 7 : 4}" fill="${policy === chosen ? '#2f6fde' : '#c2570c'}" fill-opacity=".7"><title>reward ${policy.reward.toFixed(4)}, ${policy.latencyMs.toFixed(1)} ms${policy === chosen ? ', chosen' : ''}</title></circle>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Reward over time">${ticks.join('')}${dots.join('')}<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 6}" text-anchor="middle">ms for a picture, on average</text><text x="${LEFT}" y="12">reward</text></svg>`;
}
