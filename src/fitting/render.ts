import type { CascadeFit, Policy } from '../cascade/index.ts';
import type { Figure } from '../evaluate/index.ts';
import type { ProfileEvaluation } from './evaluate.ts';
import type { Fitted } from './fit.ts';
import { tradeOff } from './plot.ts';

/** A fit for people. */
export function renderFit(fitted: Fitted, path: string): string[] {
  const { file, data, views, stages, policies, chosen } = fitted;
  const left = views.count - views.used;
  return [
    row('Profile', `${file.profile}: ${stages.map(({ name }) => name).join(', then ')}`),
    row(
      'Pictures',
      `${count(data.pictures)} of ${data.name}, ${count(views.used)} views that all stages answered`,
    ),
    ...(left > 0 ? [row('Left out', `${count(left)} views that a stage did not answer`)] : []),
    '',
    ...columns([
      ['alone', 'reward', 'accuracy', 'time', 'cost of 1,000'],
      ...stages.map(({ name, alone, latencyMs }, place) => [
        name,
        withRange(alone.values.reward),
        withRange(alone.values.accuracy),
        milliseconds(latencyMs.p50),
        money(file.stages[place]?.costPer1000 ?? 0),
      ]),
    ]),
    '',
    ...tradeOff(policies, chosen),
    '',
    ...outcomeLines(file),
    '',
    ...boundLines(file),
    row('Written', path),
    row('Next', `sv72 config set profiles.${file.profile}.cascade ${path}`),
    row('', `sv72 evaluate --profile ${file.profile} --data … (on pictures that it was not fitted to)`),
  ];
}

/** A file of `cascade fit` for people. */
export function renderCascade(file: CascadeFit, others: readonly CascadeFit[], path: string): string[] {
  const { dataset, made, profile } = file;
  const part = dataset.split === null ? '' : `, ${dataset.split} part`;
  return [
    row('Cascade', `${path}, of the profile ${profile}, fitted on ${made.slice(0, 10)}`),
    row('Models', modelsOf(file)),
    ...others.map((other, index) =>
      row(index === 0 ? 'Also for' : '', `${modelsOf(other)}, fitted on ${other.made.slice(0, 10)}`),
    ),
    row('Pictures', `${count(dataset.pictures)} of ${dataset.name}${part}: ${count(dataset.views)} views`),
    '',
    ...outcomeLines(file),
    '',
    ...boundLines(file),
    ...file.combinations.map(({ stages, weights, bias }, index) =>
      row(
        index === 0 ? 'Weights' : '',
        `${stages.map((name, at) => `${(weights[at] ?? 0).toFixed(2)} · ${name}`).join(' + ')} ${bias < 0 ? '−' : '+'} ${Math.abs(bias).toFixed(2)}`,
      ),
    ),
  ];
}

/** What a profile's stages are worth, for people. */
export function renderProfile(found: ProfileEvaluation): string[] {
  const { profile, cascade, data, views, overall, stages } = found;
  const part = data.split === null ? '' : `, ${data.split} part`;
  return [
    row(
      'Profile',
      `${profile}, ${cascade === null ? 'not fitted: every stage is asked, all weigh alike' : cascade}`,
    ),
    row('Pictures', `${count(data.pictures)} of ${data.name}${part}, ${count(views.count)} views`),
    row('Reward', withRange(overall.values.reward)),
    row('Accuracy', withRange(overall.values.accuracy)),
    row(
      'Takes',
      `${milliseconds(found.latencyMs)} on average${found.costPer1000 > 0 ? `, ${money(found.costPer1000)} for 1,000 pictures` : ''}`,
    ),
    '',
    ...columns([
      ['stage', 'asked', 'last word', 'time', 'alone', 'without it', 'what it adds'],
      ...stages.map(({ name, asked, decided, latencyMs, alone, without }) => [
        name,
        percent(asked),
        percent(decided),
        milliseconds(latencyMs.p50),
        decimals(alone.values.reward.value),
        without === null ? '-' : decimals(without.reward.first),
        without === null ? '-' : gain(without.reward),
      ]),
    ]),
    '',
    ...stages.flatMap(({ name, without, failed }) => [
      ...(failed > 0 ? [row('Failed', `${name} gave no answer to ${count(failed)} views`)] : []),
      ...(without === null ? [] : [row('Worth it?', `${name}: ${verdict(without, found.latencyMs)}`)]),
    ]),
  ];
}

function verdict(
  { reward, latencyMs, verdict: found }: NonNullable<ProfileEvaluation['stages'][number]['without']>,
  whole: number,
): string {
  const time = whole - latencyMs;
  const price = `${time < 0 ? '−' : '+'}${milliseconds(Math.abs(time))} on average`;
  if (found === 'second') return `yes, ${gain(reward)} for ${price}`;
  if (found === 'first') return `no, without it the profile is better: ${gain(reward)} with it`;
  return `these pictures cannot show it: ${gain(reward)} for ${price}`;
}

function outcomeLines({ figures, stages }: Pick<CascadeFit, 'figures' | 'stages'>): string[] {
  const cells = (title: string, { reward, latencyMs, costPer1000, decided }: Omit<Policy, 'bounds'>) => [
    title,
    decimals(reward),
    milliseconds(latencyMs),
    money(costPer1000),
    decided.map((share, place) => `${stages[place]?.name ?? ''} ${percent(share)}`).join(', '),
  ];
  return columns([
    ['expected', 'reward', 'time', 'cost of 1,000', 'last word'],
    cells('first alone', figures.firstOnly),
    cells('always all', figures.always),
    cells('chosen', figures.chosen),
  ]);
}

function boundLines({ stages }: Pick<CascadeFit, 'stages'>): string[] {
  return stages.slice(0, -1).map(({ name, stopBelow, stopAbove }, index) => {
    const sure = [
      ...(stopBelow > 0 ? [`up to ${stopBelow}`] : []),
      ...(stopAbove < 1 ? [`from ${stopAbove}`] : []),
    ];
    const text =
      stopBelow >= 0.5 && stopAbove <= 0.5 ? 'always' : sure.length === 0 ? 'never' : sure.join(' and ');
    return row(index === 0 ? 'Sure' : '', `${name}: ${text}`);
  });
}

function modelsOf({ stages }: Pick<CascadeFit, 'stages'>): string {
  return stages
    .map(
      ({ name, model }) =>
        `${name}: ${model.name}${model.version === '-' ? '' : ` ${model.version}`} (${model.sha256.slice(0, 8)})`,
    )
    .join(', ');
}

function gain({
  difference,
  low,
  high,
}: {
  difference: number | null;
  low: number | null;
  high: number | null;
}): string {
  if (difference === null) return '-';
  const range = low === null || high === null ? '' : ` (${signed(low)} to ${signed(high)})`;
  return `${signed(difference)}${range}`;
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return `${value < 0 && text !== '0.000' ? '−' : '+'}${text}`;
}

function withRange({ value, low, high }: Figure): string {
  if (value === null || low === null || high === null) return decimals(value);
  return `${decimals(value)} (${decimals(low)} to ${decimals(high)})`;
}

function decimals(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

function milliseconds(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function money(amount: number): string {
  return amount === 0 ? '-' : amount.toFixed(2);
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function row(title: string, text: string): string {
  return `${title.padEnd(14)}${text}`;
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0))) ?? [];
  return rows.map((cells) =>
    cells
      .map((cell, i) => cell.padEnd(i === 0 ? Math.max(14, (widths[i] ?? 0) + 2) : (widths[i] ?? 0) + 2))
      .join('')
      .trimEnd(),
  );
}
