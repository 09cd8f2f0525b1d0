import { stringify } from 'yaml';
import { baseModel, type Manifest } from '../../bundle/index.ts';
import { figureName, figureText, type Measured, measuredOf } from './figures.ts';
import { baseModelId, licenceFields } from './licences.ts';

/** What the page says beside the manifest. */
export interface ReadmeFacts {
  readonly repo: string;
  readonly hotkey: string;
  /** Unix seconds. */
  readonly at: number;
  /** Version of sv72. */
  readonly tool: string;
  /** undefined: the pipeline can load it; else the sentence that says why not. */
  readonly noCheckpoint: string | undefined;
  /** Text of the owner, added at the end. */
  readonly notes: string | undefined;
  /** Text with {{names}} in it. */
  readonly template: string;
}

/** The page of a model: the metadata that the Hub reads, and the text for people. */
export function readmeText(manifest: Manifest, facts: ReadmeFacts): string {
  const values: Readonly<Record<string, string>> = {
    title: plain(`${manifest.name} ${manifest.version}`),
    description: plain(manifest.description),
    version: manifest.version,
    published: new Date(facts.at * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    hotkey: facts.hotkey,
    repo: facts.repo,
    tool: facts.tool,
    licence: cell(manifest.licence),
    input: cell(inputText(manifest)),
    output: cell(outputText(manifest)),
    made: cell(`${manifest.provenance.at} by ${manifest.provenance.by}`),
    files: filesText(manifest),
    use: useText(manifest, facts),
    results: resultsText(measuredOf(manifest)),
    training: trainingText(manifest),
    data: dataText(manifest),
    limits: limitsText(manifest),
    notes: facts.notes === undefined ? '' : `\n## Notes\n\n${withoutMetadata(facts.notes).trim()}\n`,
  };
  const body = facts.template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
  return `---\n${stringify(metadata(manifest, facts))}---\n\n${body.trimEnd()}\n`;
}

/** The block that the Hub searches and shows by (its model card specification). */
function metadata(manifest: Manifest, facts: ReadmeFacts): object {
  const base = baseModelId(manifest);
  const licence = manifest.files.find(({ role }) => role === 'licence')?.path;
  const results = measuredOf(manifest).flatMap(modelIndex);
  return {
    ...licenceFields(manifest.licence, licence),
    ...(base !== undefined && { base_model: base }),
    pipeline_tag: 'image-classification',
    library_name: facts.noCheckpoint === undefined ? 'transformers' : 'onnx',
    tags: ['image-classification', 'onnx', 'roadwork', 'bittensor', 'subnet-72', 'streetvision', 'sv72'],
    ...(results.length > 0 && {
      metrics: [...new Set(results.flatMap(({ metrics }) => metrics.map(({ type }) => type)))],
      'model-index': [{ name: manifest.name, results }],
    }),
  };
}

const HUB_METRICS: Readonly<Record<string, string>> = {
  accuracy: 'accuracy',
  mcc: 'matthews_correlation',
  balancedAccuracy: 'balanced_accuracy',
};

interface IndexEntry {
  readonly task: object;
  readonly dataset: object;
  readonly metrics: readonly { readonly type: string; readonly name: string; readonly value: number }[];
}

function modelIndex({ dataset, condition, figures }: Measured): IndexEntry[] {
  const metrics = figures.flatMap(({ name, value }) => {
    const type = HUB_METRICS[name];
    return type === undefined ? [] : [{ type, name: figureName(name), value }];
  });
  if (metrics.length === 0) return [];
  const name = condition === null ? dataset : `${dataset}, ${condition}`;
  const type = dataset.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'own';
  return [{ task: { type: 'image-classification' }, dataset: { type, name }, metrics }];
}

function inputText({ input }: Manifest): string {
  const { fit, kernel } = input.resize;
  return `${input.dtype} ${input.layout.toUpperCase()}, ${input.size.join(' × ')}, ${input.colour.toUpperCase()}; pictures are resized by ${fit}, ${kernel}`;
}

function outputText({ output, positive, calibration }: Manifest): string {
  const inside = calibration.inGraph ? 'calibrated in the graph' : 'calibrated by the manifest';
  return `${output.kind} of ${positive.label}, ${inside}; the decision is at 0.5`;
}

function filesText(manifest: Manifest): string {
  const base = baseModel(manifest).file.path;
  const rows = manifest.files.map(({ path, role, precision, bytes }) => {
    const record = manifest.variants?.find((variant) => variant.path === path);
    const gate = record
      ? `; made from ${record.from.path}, ${record.gate.flips} of ${record.gate.pictures} decisions differ`
      : '';
    const what =
      path === base ? `the model, ${precision ?? ''}` : precision ? `variant, ${precision}${gate}` : role;
    return `| \`${path}\` | ${cell(what)} | ${sizeText(bytes)} |`;
  });
  return ['| file | what | size |', '| --- | --- | ---: |', ...rows].join('\n');
}

function useText(manifest: Manifest, { repo, noCheckpoint }: ReadmeFacts): string {
  const base = baseModel(manifest).file.path;
  const onnx = `\`${base}\` runs in ONNX Runtime: give it the picture as described above; its output is the probability that there are road works.`;
  if (noCheckpoint !== undefined) return `${onnx}\n\n${noCheckpoint}`;
  return [
    'With transformers and timm:',
    '',
    '```python',
    'from transformers import pipeline',
    '',
    `classify = pipeline("image-classification", model="${repo}")`,
    'classify("street.jpg")  # [{"label": "Roadwork", "score": …}, {"label": "None", "score": …}]',
    '```',
    '',
    'The pipeline resizes pictures in its own way, so its scores differ a little from those of the graph.',
    '',
    onnx,
  ].join('\n');
}

function resultsText(measured: readonly Measured[]): string {
  if (measured.length === 0) return 'The bundle records no measurements.';
  const names = [...new Set(measured.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const head = ['measured on', 'pictures', ...names.map(figureName)];
  const rows = measured.map(({ dataset, condition, samples, figures }) => [
    cell(condition === null ? dataset : `${dataset}, ${condition}`),
    String(samples),
    ...names.map((name) => {
      const figure = figures.find((candidate) => candidate.name === name);
      return figure ? figureText(figure) : '';
    }),
  ]);
  return [
    'In brackets: the interval that holds the true value in 95 of 100 cases (by the evaluation’s own resampling where it was recorded, else Wilson’s for shares).',
    '',
    ...[head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function trainingText({ provenance, training }: Manifest): string {
  const base = training?.base;
  const versions = Object.entries(training?.versions ?? {}).map(([name, version]) => `${name} ${version}`);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Made from', provenance.from],
    ['Command', provenance.command],
    ['Recipe', training && `${training.recipe} (${training.kind}), seed ${training.seed}`],
    ['Backbone', training && `${training.backbone.id}, ${training.backbone.parameters} parameters`],
    ['Starting weights', base ? `${base.id} under ${base.licence}` : training && 'random'],
    ['Hardware', training?.hardware],
    ['Time', training && `${Math.round(training.seconds)} s, ${training.steps} steps`],
    ['Software', versions.length === 0 ? undefined : versions.join(', ')],
  ];
  return facts
    .flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`- ${name}: ${plain(value)}`]))
    .join('\n');
}

function dataText(manifest: Manifest): string {
  const sources = (manifest.training?.data ?? []).flatMap(({ name, licence, attribution, sources }) =>
    sources.length === 0
      ? [{ name, title: name, licence, attribution, url: null }]
      : sources.map((source) => ({ name, ...source })),
  );
  const rows = sources.map(
    ({ name, title, licence, attribution, url }) =>
      `| ${cell(name)} | ${cell(title)}${url === null ? '' : ` (${cell(url)})`} | ${cell(licence)} | ${cell(attribution ?? '')} |`,
  );
  const data =
    rows.length === 0
      ? 'The bundle does not record its datasets one by one; see "Made from" above.'
      : ['| dataset | source | licence | attribution |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const files = manifest.files.filter(({ role }) => role === 'licence' || role === 'notice');
  const texts = files.map(({ path }) => `\`${path}\``).join(', ');
  const bound = texts === '' ? '' : `\n\nTexts that go with the model: ${texts}.`;
  return `${data}\n\nThe weights are under ${plain(manifest.licence)}.${bound}`;
}

function limitsText(manifest: Manifest): string {
  return [
    ...(manifest.demo ? ['- A demonstration model: it has only ever seen drawn streets.'] : []),
    '- It sorts pictures into two kinds. It does not find, count or measure anything in them, and nothing that people’s safety hangs on should use it.',
    '- Its figures are those of the sets above: other cameras, countries, weather and hours will differ.',
    '- A probability of exactly 0.5 counts as "no road works", as the subnet counts it.',
  ].join('\n');
}

/** One line of text, with what Markdown and HTML would take for markup made harmless. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/[<>]/g, (sign) => (sign === '<' ? '&lt;' : '&gt;'))
    .replace(/[\\`*_[\]{}]/g, '\\$&')
    .trim();
}

function cell(text: string): string {
  return plain(text).replaceAll('|', '\\|');
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function withoutMetadata(text: string): string {
  return text.replace(/^---\n[\s\S]*?\n---\n/, '');
}
