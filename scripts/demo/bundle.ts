import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ourInterface, writeBundle } from '../../src/bundle/index.ts';

/** What the trainer leaves in `metrics.json`. */
interface Results {
  readonly net: string;
  readonly parameters: number;
  readonly epochs: number;
  readonly trainViews: number;
  readonly trainSeeds: string;
  readonly calibration: { readonly bias: number; readonly temperature: number };
  readonly metrics: readonly Metric[];
}

interface Metric {
  readonly dataset: string;
  readonly condition: string;
  readonly samples: number;
  readonly values: Readonly<Record<string, number>>;
}

const WARNING =
  'A demonstration model: it has only ever seen drawn streets. It must not go to mainnet, where it would be little better than guessing.';

/** Writes the demonstration bundle from the trainer's results. */
export async function writeDemoBundle(options: {
  readonly results: string;
  readonly out: string;
  readonly command: string;
  readonly now?: Date;
}): Promise<void> {
  const results = JSON.parse(await readFile(join(options.results, 'metrics.json'), 'utf8')) as Results;
  await writeBundle({
    dir: options.out,
    replace: true,
    manifest: {
      name: 'demo-roadwork',
      version: '1.0.0',
      description: WARNING,
      licence: 'Apache-2.0',
      demo: true,
      ...ourInterface('letterbox'),
      calibration: { inGraph: true, ...results.calibration },
      metrics: results.metrics.map((metric) => ({ ...metric, values: { ...metric.values } })),
      provenance: {
        by: 'sv72',
        at: (options.now ?? new Date()).toISOString(),
        from: `${results.trainViews} views of drawn scenes, seeds ${results.trainSeeds}; ${results.net} (${results.parameters} parameters) from random weights, ${results.epochs} epochs`,
        command: options.command,
      },
    },
    files: [
      {
        path: 'model.onnx',
        role: 'model',
        precision: 'fp32',
        content: { copyFrom: join(options.results, 'model.onnx') },
      },
      { path: 'README.md', role: 'readme', content: readme(results, options.command) },
    ],
  });
}

function readme(results: Results, command: string): string {
  const rows = results.metrics.map(
    ({ condition, samples, values: v }) =>
      `| ${condition} | ${samples} | ${figure(v.balancedAccuracy)} | ${figure(v.mcc)} |`,
  );
  return [
    '# Demonstration model',
    '',
    `**${WARNING}**`,
    '',
    `A plain CNN (\`${results.net}\`, ${results.parameters} parameters) trained by \`${command}\` on scenes that sv72 draws itself.`,
    'It exists so that everything around a model can be run and tested: serving, challenges, scores.',
    '',
    `Decisions at 0.5 on unseen ${results.metrics[0]?.dataset ?? 'scenes'}:`,
    '',
    '| condition | images | balanced accuracy | MCC |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'A free crop can cut every object away, so its figures are bounded by the images, not by the model.',
    '',
  ].join('\n');
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(3);
}
