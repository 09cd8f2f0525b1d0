import {
  type Bounds,
  type CascadeFile,
  type Combination,
  combiner,
  NEVER,
  rulesFor,
  stops,
} from '../cascade/index.ts';
import { type Comparison, compare, type Figures, measure, type ResampleOptions } from '../evaluate/index.ts';
import { type Latency, measureLatency } from './latency.ts';
import { type Outputs, type OutputsRequest, stageOutputs } from './outputs.ts';

export interface ProfileRequest extends OutputsRequest {
  readonly profile: string;
  /** What `cascade fit` wrote, and where; without it all stages are asked and weighed alike. */
  readonly cascade: { readonly file: CascadeFile; readonly path: string } | null;
  readonly resamples?: number;
}

/** What a stage does for its profile. */
interface StageWorth {
  readonly name: string;
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly engine: string;
  readonly device: string;
  readonly latencyMs: Latency;
  readonly costPer1000: number;
  /** Views that it gave no answer to. */
  readonly failed: number;
  /** Share of the views that it is asked about, and that it has the last word on. */
  readonly asked: number;
  readonly decided: number;
  /** By itself. */
  readonly alone: Figures;
  /** The profile without this stage (first) against the whole one (second); null where it is the only one. */
  readonly without: (Comparison & { readonly latencyMs: number; readonly costPer1000: number }) | null;
}

export interface ProfileEvaluation {
  readonly profile: string;
  /** The file that decides; null: all are asked. */
  readonly cascade: string | null;
  readonly data: Outputs['data'];
  readonly settings: OutputsRequest['settings'];
  readonly views: { readonly count: number; readonly remembered: number };
  readonly overall: Figures;
  /** On average, ms and money. */
  readonly latencyMs: number;
  readonly costPer1000: number;
  readonly stages: StageWorth[];
}

/**
 * What a profile's stages are worth together, and what each of them adds.
 *
 * @throws Sv72Error ERR_CASCADE_STALE; as `evaluate` does
 */
export async function evaluateProfile(request: ProfileRequest): Promise<ProfileEvaluation> {
  const { stages, cascade, settings } = request;
  const running = stages.map(({ name, classifier }) => ({ name, model: classifier.info.bundle }));
  const rules: { bounds: readonly Bounds[]; combinations: readonly Combination[] } =
    cascade === null
      ? { bounds: stages.map(() => NEVER), combinations: [] }
      : rulesFor(cascade.file, running, cascade.path);
  const outputs = await stageOutputs(request);
  const { rows } = outputs;
  const latency = await measureLatency(
    stages,
    rows.map(({ view }) => view),
    request,
  );
  const combine = combiner(rules.combinations);
  const resampling: ResampleOptions = {
    seed: settings.seed,
    ...(request.resamples !== undefined && { resamples: request.resamples }),
  };
  const everything = stages.map((_, place) => place);
  const walk = (places: readonly number[]): Walked[] =>
    rows.map(({ answers }) => {
      const said: (number | undefined)[] = stages.map(() => undefined);
      const asked: number[] = [];
      let last: number | undefined;
      for (const place of places) {
        asked.push(place);
        const answer = answers[place];
        if (answer === undefined || answer.failed !== null) continue;
        said[place] = answer.p;
        last = place;
        if (stops(combine(said) ?? 0.5, rules.bounds[place] ?? NEVER)) break;
      }
      return { p: combine(said) ?? 0.5, asked, last };
    });
  const judged = (walked: readonly Walked[]) =>
    rows.map(({ view }, i) => ({
      label: view.label,
      cluster: view.picture.group,
      p: walked[i]?.p ?? 0.5,
    }));
  const mean = (walked: readonly Walked[], of: (place: number) => number): number =>
    rows.length === 0
      ? 0
      : walked.reduce((sum, { asked }) => sum + asked.reduce((all, place) => all + of(place), 0), 0) /
        rows.length;
  const msOf = (place: number): number => latency[place]?.p50 ?? 0;
  const costOf = (place: number): number => stages[place]?.costPer1000 ?? 0;
  const whole = walk(everything);
  const share = (wanted: (walked: Walked) => boolean): number =>
    rows.length === 0 ? 0 : whole.filter(wanted).length / rows.length;
  return {
    profile: request.profile,
    cascade: cascade?.path ?? null,
    data: outputs.data,
    settings,
    views: { count: rows.length, remembered: outputs.remembered },
    overall: measure(judged(whole), resampling),
    latencyMs: mean(whole, msOf),
    costPer1000: mean(whole, costOf),
    stages: stages.map(({ name, classifier, costPer1000 }, place): StageWorth => {
      const rest = everything.filter((other) => other !== place);
      const without = rest.length === 0 ? null : walk(rest);
      const { bundle, engine, device } = classifier.info;
      return {
        name,
        model: { name: bundle.name, version: bundle.version, sha256: bundle.sha256 },
        engine,
        device,
        latencyMs: latency[place] ?? { p50: 0, p95: 0 },
        costPer1000,
        failed: rows.filter(({ answers }) => answers[place]?.failed !== null).length,
        asked: share(({ asked }) => asked.includes(place)),
        decided: share(({ last }) => last === place),
        alone: measure(judged(walk([place])), resampling),
        without: without && {
          ...compare(
            rows.map(({ view }, i) => ({
              label: view.label,
              cluster: view.picture.group,
              first: without[i]?.p ?? 0.5,
              second: whole[i]?.p ?? 0.5,
            })),
            resampling,
          ),
          latencyMs: mean(without, msOf),
          costPer1000: mean(without, costOf),
        },
      };
    }),
  };
}

interface Walked {
  readonly p: number;
  /** Places of the stages that were asked, in order. */
  readonly asked: readonly number[];
  /** The last of them that answered; undefined: none did. */
  readonly last: number | undefined;
}
