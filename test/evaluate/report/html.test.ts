import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import { compare } from '../../../src/evaluate/figures/compare.ts';
import { bestThreshold, calibrationBins, thresholdCurve } from '../../../src/evaluate/figures/curves.ts';
import { measure } from '../../../src/evaluate/figures/measure.ts';
import { tabulate } from '../../../src/evaluate/figures/table.ts';
import { renderEvaluation } from '../../../src/evaluate/render.ts';
import { escapeHtml } from '../../../src/evaluate/report/escape.ts';
import { reportHtml } from '../../../src/evaluate/report/html.ts';
import { drawnAnswers } from '../figures/answers.ts';

const answers = drawnAnswers(60, 2, 0.9, 1);
const figures = measure(answers, { resamples: 30 });
const curve = thresholdCurve(tabulate(answers));
const difference = compare(
  answers.map(({ label, cluster, p }) => ({ label, cluster, first: p, second: Math.min(1, p + 0.01) })),
  { resamples: 30 },
);

/** An evaluation in which every text that comes from outside is `text`. */
function evaluationOf(text: string): Evaluation {
  const model: Evaluation['model'] = {
    path: text,
    name: text,
    version: text,
    demo: false,
    sha256: 'a'.repeat(64),
    variant: text,
    precision: 'fp32',
    engine: text,
    device: 'cpu',
    met: 'training',
  };
  return {
    model,
    data: {
      kind: 'folder',
      path: text,
      name: text,
      fingerprint: text,
      split: 'test',
      pictures: 60,
      roadwork: 30,
      none: 30,
      unreadable: [{ picture: text, reason: text }],
    },
    settings: { generations: [1], levels: [0, 1], views: 1, seed: 0, freeCrop: false, colours: 'bytes' },
    views: { count: 120, remembered: 3, failed: 1 },
    overall: figures,
    generations: [{ generation: 1, figures }],
    conditions: [
      { generation: 1, level: 0, figures },
      { generation: 1, level: 1, figures },
    ],
    slices: [{ by: 'tag', value: text, figures }],
    threshold: { best: bestThreshold(curve) ?? null, curve },
    calibration: calibrationBins(tabulate(answers)),
    worst: [
      {
        picture: text,
        sha256: 'b'.repeat(64),
        label: 1,
        views: 2,
        wrong: 1,
        error: 0.6,
        worst: { generation: 1, level: 1, p: 0.1 },
      },
    ],
    comparison: { other: model, overall: figures, difference, generations: [{ generation: 1, difference }] },
    seconds: 1,
  };
}

function pageOf(text: string): string {
  const evaluation = evaluationOf(text);
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff);
  const illustrations = evaluation.worst.flatMap((worst) => [
    { worst, jpeg },
    { worst, jpeg: null },
  ]);
  return reportHtml(evaluation, illustrations, new Date('2026-11-21T12:00:00Z'));
}

describe('the HTML report', () => {
  const page = pageOf('plain');

  it('needs nothing from anywhere else, and forbids it', () => {
    expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<iframe|https?:|\/\/|@import|url\(/i);
    expect(page).toContain('src="data:image/jpeg;base64,/9j/'.slice(0, 28));
  });

  it('has the figures, the charts and the comparison', () => {
    for (const part of ['Figures', 'Decisions', 'Comparison', 'Slices', 'Worst pictures', 'Left out']) {
      expect(page).toContain(`<h2>${part}</h2>`);
    }
    expect(page.match(/<svg viewBox/g)).toHaveLength(2);
    expect(page).not.toMatch(/NaN|undefined|null/);
  });

  it('lets no text from outside become markup', () => {
    const nasty = `"><script>alert(1)</script>&amp;'\`<img src=x onerror=y>`;
    const tags = (text: string): string[] => text.match(/<[a-z/!][^\s>]*/gi) ?? [];
    expect(tags(pageOf(nasty))).toEqual(tags(page));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...`<>"'&\`=/ ax-!`) }), (text) => {
        expect(tags(pageOf(`x${text}`))).toEqual(tags(page));
      }),
      { numRuns: 40 },
    );
  });

  it('escapes every character that means something', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'`]/);
      }),
    );
    expect(escapeHtml('a & b')).toBe('a &#38; b');
  });
});

describe('the lines for a terminal', () => {
  it('have no holes', () => {
    const lines = renderEvaluation(evaluationOf('plain'));
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|null/);
    expect(lines).toContainEqual(expect.stringMatching(/^Verdict {7}No difference that 120 views can show/));
    expect(lines).toContainEqual(expect.stringMatching(/^Beware {8}it was trained on these very pictures/));
    expect(lines).toContainEqual(expect.stringMatching(/^Left out {6}1 pictures/));
  });
});
