import type { Progress } from './ask-views.ts';
import type { EvaluatedModel, Evaluation } from './evaluation.ts';
import type { Comparison, Difference } from './figures/compare.ts';
import type { Figure, Figures } from './figures/measure.ts';

/** Slices and pictures that are shown on a terminal; the report and the JSON have all. */
const SHOWN = 5;
/** A part with fewer independent pictures says little. */
const ENOUGH = 20;
const NAME = 24;

/** An evaluation for people. */
export function renderEvaluation(evaluation: Evaluation): string[] {
  const { model, data, views, settings } = evaluation;
  const part = data.split === null ? '' : `, ${data.split} part`;
  const remembered = views.remembered > 0 ? `, ${count(views.remembered)} answered earlier` : '';
  return [
    row('Model', modelLine(model)),
    ...(model.met === null ? [] : [row('Beware', metLine(model.met))]),
    row(
      'Pictures',
      `${count(data.pictures)} of ${data.name}${part}: ${count(data.roadwork)} with roadwork, ${count(data.none)} without`,
    ),
    row('Views', `${count(views.count)}, seed ${settings.seed}${remembered}`),
    ...(views.failed > 0
      ? [row('Failed', `${count(views.failed)} views without an answer count as none`)]
      : []),
    ...(data.unreadable.length > 0
      ? [row('Left out', `${count(data.unreadable.length)} pictures that cannot be read`)]
      : []),
    '',
    ...table(evaluation),
    '',
    ...confusionLines(evaluation),
    ...(evaluation.comparison === null ? [] : ['', ...comparisonLines(evaluation)]),
  ];
}

/** How far it is, how fast, and how long it will still take. */
export function progressText({ done, of, remembered, seconds }: Progress): string {
  const computed = done - remembered;
  const rate = seconds > 1 ? computed / seconds : 0;
  if (rate === 0) return `${count(done)} of ${count(of)} views`;
  const left = (of - done) / rate;
  const time = left < 90 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`;
  return `${count(done)} of ${count(of)} views, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a second, ${time} left`;
}

/** One line for one model. */
export function modelLine({ name, version, demo, variant, device, engine }: EvaluatedModel): string {
  return `${name} ${version}${demo ? ' (demonstration model)' : ''}, ${variant} on ${device} (${engine})`;
}

/** Figures on what a model was made from say nothing about other pictures. */
export function metLine(met: NonNullable<EvaluatedModel['met']>): string {
  return met === 'training'
    ? 'it was trained on these very pictures: this says how well it remembers them'
    : 'it was chosen and calibrated on these very pictures: on others it will do a little worse';
}

/** What a comparison comes to, in one sentence. */
export function verdictLine({ verdict, pairs, reward }: Comparison): string {
  if (verdict === 'undecided') {
    const range =
      reward.low === null || reward.high === null
        ? ''
        : `: the reward may differ by ${signed(reward.low)} to ${signed(reward.high)}`;
    return `No difference that ${count(pairs)} views can show${range}.`;
  }
  return `The difference is real: ${verdict === 'second' ? 'the other one' : 'this one'} is better.`;
}

function table({ overall, generations, conditions }: Evaluation): string[] {
  const head = ['', 'views', 'accuracy', 'MCC', 'reward', 'AUC', 'ECE'];
  const rows = [figureRow('all', overall)];
  for (const { generation, figures } of generations) {
    rows.push(figureRow(`generation ${generation}`, figures));
    const own = conditions.filter((condition) => condition.generation === generation);
    for (const { level, figures: part } of own.length > 1 ? own : [])
      rows.push(figureRow(`  level ${level}`, part));
  }
  return columns([head, ...rows]);
}

function figureRow(name: string, { count: views, values }: Figures): string[] {
  return [
    name,
    count(views),
    withRange(values.accuracy),
    withRange(values.mcc),
    withRange(values.reward),
    decimals(values.auc.value),
    decimals(values.ece.value),
  ];
}

function confusionLines({ overall, threshold, slices, worst }: Evaluation): string[] {
  const { tp, fp, fn, tn } = overall.confusion;
  const { best } = threshold;
  const at = threshold.curve.find((point) => point.threshold === 0.5);
  const usual = overall.values.balancedAccuracy.value ?? 1;
  const weakest = slices
    .filter(({ figures: { clusters } }) => clusters.none + clusters.roadwork >= ENOUGH)
    .filter(({ figures }) => (figures.values.balancedAccuracy.value ?? 1) < usual)
    .sort(
      (a, b) =>
        (a.figures.values.balancedAccuracy.value ?? 1) - (b.figures.values.balancedAccuracy.value ?? 1),
    )
    .slice(0, SHOWN);
  return [
    row('Roadwork', `${count(tp)} recognised, ${count(fn)} missed`),
    row('None', `${count(tn)} recognised, ${count(fp)} called roadwork`),
    ...(best === null || at === undefined || best.threshold === 0.5
      ? []
      : [
          row(
            'Threshold',
            `0.5 earns ${decimals(at.reward)}; the best on these pictures, ${best.threshold}, ${decimals(best.reward)}`,
          ),
        ]),
    ...weakest.map(({ by, value, figures }, index) =>
      row(
        index === 0 ? 'Weakest' : '',
        `${by} ${value}: balanced accuracy ${withRange(figures.values.balancedAccuracy)} of ${count(figures.count)} views`,
      ),
    ),
    ...worst
      .slice(0, SHOWN)
      .map((each, index) =>
        row(
          index === 0 ? 'Worst' : '',
          `${each.picture} is ${each.label === 1 ? 'roadwork' : 'none'}: ${each.wrong} of ${each.views} views wrong, said ${each.worst.p.toFixed(4)} (generation ${each.worst.generation}${each.worst.level === null ? '' : `, level ${each.worst.level}`})`,
        ),
      ),
  ];
}

function comparisonLines({ comparison }: Evaluation): string[] {
  if (comparison === null) return [];
  const { other, difference } = comparison;
  const { mcnemar, clusters } = difference;
  return [
    row('Other', modelLine(other)),
    ...(other.met === null ? [] : [row('Beware', metLine(other.met))]),
    row(
      'Decisions',
      `${count(difference.flips)} of ${count(difference.pairs)} differ: this one alone is right on ${count(mcnemar.onlyFirst)}, the other on ${count(mcnemar.onlySecond)} (McNemar p ${probability(mcnemar.p)})`,
    ),
    row(
      'Pictures',
      `this one is better on ${count(clusters.betterFirst)}, the other on ${count(clusters.betterSecond)}, alike on ${count(clusters.same)} (sign test p ${probability(clusters.p)})`,
    ),
    row('Accuracy', differenceText(difference.accuracy)),
    row('Reward', differenceText(difference.reward)),
    ...comparison.generations.map(({ generation, difference: part }) =>
      row(`Generation ${generation}`, `reward ${differenceText(part.reward)}`),
    ),
    row('Verdict', verdictLine(difference)),
  ];
}

export function differenceText({ first, second, difference, low, high }: Difference): string {
  const range = low === null || high === null ? '' : ` (${signed(low)} to ${signed(high)})`;
  return `${decimals(first)} → ${decimals(second)}: ${difference === null ? '-' : signed(difference)}${range}`;
}

export function withRange({ value, low, high }: Figure): string {
  if (value === null) return '-';
  return low === null || high === null
    ? decimals(value)
    : `${decimals(value)} (${decimals(low)} to ${decimals(high)})`;
}

export function decimals(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

export function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}

/** With thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return `${value < 0 && text !== '0.000' ? '−' : '+'}${text}`;
}

function row(title: string, text: string): string {
  return `${title.padEnd(14)}${text}`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0))) ?? [];
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(Math.max(NAME, widths[i] ?? 0)) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
