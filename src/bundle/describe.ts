import type { FileReport } from './load.ts';
import type { Manifest } from './manifest.ts';

/** A manifest for people, a line for each subject. */
export function describeManifest(manifest: Manifest): string[] {
  const { input, output, calibration, provenance } = manifest;
  const batch = input.batch.kind === 'fixed' ? `always ${input.batch.size}` : `up to ${input.batch.max}`;
  const { fit, kernel, antialias } = input.resize;
  const lines = [
    ['Bundle', `${manifest.name} ${manifest.version}${manifest.demo ? ' (demonstration model)' : ''}`],
    ['About', manifest.description],
    ['Licence', manifest.licence],
    [
      'Input',
      `${input.name}: ${input.dtype} ${input.layout}, ${input.size.join(' × ')}, ${input.colour}, batch ${batch}`,
    ],
    ['Resize', `${fit}, ${kernel}${antialias ? ', antialiased' : ''}`],
    ['Output', `${output.name}: ${output.kind} of ${manifest.positive.label}`],
    [
      'Calibration',
      `temperature ${calibration.temperature}, bias ${calibration.bias}${calibration.inGraph ? ' (in the graph)' : ''}`,
    ],
    ['Made', `${provenance.at} by ${provenance.by}, from ${provenance.from}`],
    ...(provenance.command === undefined ? [] : [['Command', provenance.command]]),
    ...manifest.metrics.map((metric) => [
      'Metric',
      [
        `${metric.dataset}${metric.condition === undefined ? '' : `, ${metric.condition}`} (${metric.samples}):`,
        ...Object.entries(metric.values).map(([name, value]) => `${name} ${Number(value.toFixed(4))}`),
      ].join(' '),
    ]),
  ];
  for (const { name, path, gate, latency } of manifest.variants ?? []) {
    const gain = (latency.sourceMs / latency.variantMs).toFixed(1);
    lines.push([
      'Variant',
      `${name}: ${path}, ${gate.flips} of ${gate.pictures} decisions differ, ${gain} times as fast on ${latency.device}`,
    ]);
  }
  return lines.map(([title = '', text = '']) => `${title.padEnd(12)}${text}`);
}

/** One file of a bundle and whether it is as listed. */
export function fileLine(file: FileReport): string {
  const size =
    file.bytes < 1e6 ? `${(file.bytes / 1e3).toFixed(1)} kB` : `${(file.bytes / 1e6).toFixed(1)} MB`;
  const what = file.precision === null ? file.role : `${file.role} ${file.precision}`;
  return `${file.ok ? 'ok     ' : 'DAMAGED'}     ${file.path} (${what}, ${size})${file.problem === null ? '' : `: it ${file.problem}`}`;
}
