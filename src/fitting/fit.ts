import {
  AT_ONCE,
  type CascadeFit,
  choosePolicy,
  combiner,
  findPolicies,
  fitWeights,
  LEAST_CLUSTERS,
  type Limits,
  logit,
  NEVER,
  outcomeOf,
  type Policy,
  type StageOutputs,
} from '../cascade/index.ts';
import { Sv72Error } from '../errors/index.ts';
import { type Figures, interpolatedReward, measure } from '../evaluate/index.ts';
import { measureLatency } from './latency.ts';
import { type Outputs, type OutputsRequest, stageOutputs } from './outputs.ts';

export interface FitRequest extends OutputsRequest {
  /** Name of the profile. */
  readonly profile: string;
  readonly limits: Limits;
  readonly resamples?: number;
  /** Date of the file. */
  readonly today?: () => Date;
}

/** A stage by itself. */
interface StageFigures {
  readonly name: string;
  /** Said by its own calibrated answer, weights fitted without the picture where it is the first. */
  readonly alone: Figures;
  /** Views that it gave no answer to. */
  readonly failed: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number };
}

/** All that a fit found. */
export interface Fitted {
  readonly file: CascadeFit;
  readonly data: Outputs['data'];
  readonly views: { readonly count: number; readonly used: number; readonly remembered: number };
  readonly stages: StageFigures[];
  /** Not beaten by another in reward, time and cost at once; fastest first. */
  readonly policies: Policy[];
  readonly chosen: Policy;
}

/**
 * Fits how the stages of a profile are weighed, and when one is sure, on labelled pictures.
 *
 * @throws Sv72Error ERR_CASCADE_STAGES, ERR_CASCADE_FIT; as `evaluate` does
 */
export async function fitCascade(request: FitRequest): Promise<Fitted> {
  const { stages, limits, profile, settings, today = () => new Date() } = request;
  demandStages(profile, stages.length);
  const outputs = await stageOutputs(request);
  const { rows, data, remembered } = outputs;
  const used = rows.filter(({ answers }) => answers.every(({ failed }) => failed === null));
  demandEnough(outputs, used);
  const columns = outputsOf(used, stages.length);
  const { combinations, ridge, prefixes } = fitWeights(columns);
  const latency = await measureLatency(
    stages,
    used.map(({ view }) => view),
    request,
  );
  const trial = {
    prefixes,
    label: columns.label,
    latencyMs: latency.map(({ p50 }) => p50),
    costPer1000: stages.map(({ costPer1000 }) => costPer1000),
  };
  const rewardOf = interpolatedReward;
  const policies = findPolicies(trial, rewardOf);
  const chosen = choosePolicy(policies, limits);
  if (chosen === undefined) {
    const least = Math.min(...policies.map(({ latencyMs }) => latencyMs));
    throw new Sv72Error(
      'ERR_CASCADE_FIT',
      `No way of asking these stages keeps the limits: the quickest takes ${least.toFixed(1)} ms.`,
      { next: 'Allow more time or money, or put a quicker stage first.' },
    );
  }
  const figuresOf = ({ reward, latencyMs, costPer1000, decided }: Policy) => ({
    reward,
    latencyMs,
    costPer1000,
    decided: [...decided],
  });
  const never = stages.map(() => NEVER);
  const first = stages.map((_, place) => (place === 0 ? AT_ONCE : NEVER));
  const names = stages.map(({ name }) => name);
  const combine = combiner(combinations);
  return {
    file: {
      made: today().toISOString(),
      profile,
      dataset: {
        name: data.name,
        fingerprint: data.fingerprint,
        split: data.split,
        pictures: data.pictures,
        views: used.length,
        seed: settings.seed,
      },
      stages: stages.map(({ name, classifier, costPer1000 }, place) => ({
        name,
        model: {
          name: classifier.info.bundle.name,
          version: classifier.info.bundle.version,
          sha256: classifier.info.bundle.sha256,
        },
        ...(chosen.bounds[place] ?? NEVER),
        latencyMs: latency[place] ?? { p50: 0, p95: 0 },
        costPer1000,
      })),
      combinations: combinations.map(({ stages: places, weights, bias }) => ({
        stages: places.map((place) => names[place] ?? ''),
        weights: weights.map(rounded),
        bias: rounded(bias),
      })),
      ridge,
      figures: {
        chosen: figuresOf(chosen),
        firstOnly: figuresOf(outcomeOf(trial, first, rewardOf)),
        always: figuresOf(outcomeOf(trial, never, rewardOf)),
      },
    },
    data,
    views: { count: rows.length, used: used.length, remembered },
    stages: stages.map(({ name }, place) => ({
      name,
      alone: measure(
        used.map(({ view, answers }, i) => ({
          label: view.label,
          cluster: view.picture.group,
          p:
            (place === 0
              ? prefixes[0]?.[i]
              : combine(answers.map(({ p }, at) => (at === place ? p : undefined)))) ?? 0.5,
        })),
        { seed: settings.seed, ...(request.resamples !== undefined && { resamples: request.resamples }) },
      ),
      failed: rows.filter(({ answers }) => answers[place]?.failed !== null).length,
      latencyMs: latency[place] ?? { p50: 0, p95: 0 },
    })),
    policies,
    chosen,
  };
}

/** @throws Sv72Error ERR_CASCADE_STAGES */
export function demandStages(profile: string, count: number): void {
  if (count > 1) return;
  throw new Sv72Error(
    'ERR_CASCADE_STAGES',
    `The profile ${profile} has one model alone: there is nothing to weigh it against.`,
    { next: `List at least two stages in profiles.${profile}.stages; docs/cascade.md shows how.` },
  );
}

function outputsOf(rows: Outputs['rows'], stages: number): StageOutputs {
  return {
    z: Array.from({ length: stages }, (_, place) =>
      Float64Array.from(rows, ({ answers }) => logit(answers[place]?.p ?? 0.5)),
    ),
    label: Uint8Array.from(rows, ({ view }) => view.label),
    cluster: rows.map(({ view }) => view.picture.group),
  };
}

function demandEnough({ rows }: Outputs, used: Outputs['rows']): void {
  const groups = ([0, 1] as const).map(
    (label) =>
      new Set(used.filter(({ view }) => view.label === label).map(({ view }) => view.picture.group)).size,
  );
  if (Math.min(...groups) >= LEAST_CLUSTERS) return;
  const [none = 0, roadwork = 0] = groups;
  throw new Sv72Error(
    'ERR_CASCADE_FIT',
    `All stages answered on only ${roadwork} independent pictures with roadwork and ${none} without; ${LEAST_CLUSTERS} of each are the least.`,
    { details: { roadwork, none, views: rows.length, answered: used.length } },
  );
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
