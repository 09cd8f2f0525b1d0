import { loadBundle, type VerifiedBundle } from '../bundle/index.ts';
import { createCascade, readCascade, rulesFor, turnedClassifier } from '../cascade/index.ts';
import { Sv72Error } from '../errors/index.ts';
import {
  type Classifier,
  type ClassifierOptions,
  createChatClassifier,
  createClassifier,
  type EngineEvent,
  type SharedClassifiers,
} from '../inference/index.ts';
import { clipClassifier, demandFfmpeg } from '../video/index.ts';
import type { Note } from './events.ts';
import { ModelNotes } from './model-notes.ts';
import type { ServePlan } from './plan.ts';
import type { StagePlan } from './stages.ts';

/** A model of a profile that runs; with test-time augmentation it is two: the second asks the first. */
export interface OpenStage {
  readonly name: string;
  readonly classifier: Classifier;
  readonly costPer1000: number;
}

type ModelsPlan = Pick<ServePlan, 'stages' | 'cascade' | 'network' | 'mayServeDemo' | 'profile'>;
type Overrides = Pick<ClassifierOptions, 'cache' | 'limits'> & {
  readonly sharing?: Sharing;
  /** Whether a stage may come late whose server is not there, as long as another one answers. */
  readonly tolerant?: boolean;
};

/** How models are opened where several miners may want the same. */
export interface Sharing {
  readonly classifiers: SharedClassifiers;
  /** False: an engine of its own, whoever else has that model. */
  readonly share: boolean;
}

/**
 * Opens what answers pictures, as the plan's profile wants it: its one model, or a cascade of its stages.
 *
 * @param bundle of the first stage, where that has one
 * @throws what `createClassifier`, `createChatClassifier` and `loadBundle` throw; ERR_DEMO_MODEL, ERR_CASCADE_FILE,
 *   ERR_CASCADE_STALE, ERR_FFMPEG_MISSING
 */
export async function openClassifier(
  plan: ModelsPlan,
  bundle: VerifiedBundle | undefined,
  note: Note,
  sharing?: Sharing,
): Promise<Classifier> {
  const { modality, prior, clip_frames: frames } = plan.profile;
  if (modality === 'video') await demandFfmpeg();
  const classifier = await openForPictures(plan, bundle, note, sharing);
  return modality === 'video' ? clipClassifier(classifier, { prior, frames }) : classifier;
}

async function openForPictures(
  plan: ModelsPlan,
  bundle: VerifiedBundle | undefined,
  note: Note,
  sharing?: Sharing,
): Promise<Classifier> {
  const overrides = { ...(sharing && { sharing }), tolerant: true };
  const notes = new ModelNotes(note);
  const [first, ...others] = plan.stages;
  if (first !== undefined && others.length === 0 && first.tta === 'none' && plan.cascade === null)
    return await openModel(first, bundle, (event) => notes.engine(event), undefined, overrides);
  const file = plan.cascade === null ? undefined : await readCascade(plan.cascade);
  const stages = await openStages(plan, bundle, notes, overrides);
  try {
    const running = stages.map(({ name, classifier }) => ({ name, model: classifier.info.bundle }));
    const rules = file && plan.cascade !== null ? rulesFor(file, running, plan.cascade) : undefined;
    if (rules === undefined) {
      const names = stages.map(({ name }) => name).join(', ');
      note(
        'warning',
        `The stages ${names} are weighed alike, and every picture is shown to all of them, until \`sv72 cascade fit\` finds what suits them.`,
      );
    }
    return createCascade({
      stages: stages.map(({ name, classifier }, place) => ({ name, classifier, ...rules?.bounds[place] })),
      ...(rules && { combinations: rules.combinations }),
      prior: plan.profile.prior,
      onEvent: (event) => notes.cascade(event),
    });
  } catch (error) {
    await closeStages(stages);
    throw error;
  }
}

/**
 * Opens each stage of a profile, and behind it what looks at doubtful pictures again. All of them or none; only a server
 * that is not there may be waited for in the background, where that is wanted and another stage can answer.
 */
export async function openStages(
  plan: Pick<ModelsPlan, 'stages' | 'network' | 'mayServeDemo'>,
  bundle: VerifiedBundle | undefined,
  notes: ModelNotes,
  overrides?: Overrides,
): Promise<OpenStage[]> {
  const { tolerant = false, ...rest } = overrides ?? {};
  const open = (stage: StagePlan, place: number, late: boolean) =>
    openModel(
      stage,
      place === 0 ? bundle : undefined,
      (event) => notes.engine(event, stage.name),
      (loaded) => refuseDemo(plan, loaded),
      { ...rest, late },
    );
  const opened: (Classifier | undefined)[] = [];
  const absent: { readonly place: number; readonly stage: StagePlan; readonly error: Sv72Error }[] = [];
  try {
    for (const [place, stage] of plan.stages.entries()) {
      try {
        opened[place] = await open(stage, place, false);
      } catch (error) {
        if (!tolerant || !isAbsent(error) || !mayComeLate(stage)) throw error;
        absent.push({ place, stage, error });
      }
    }
    if (absent[0] !== undefined && absent.length === plan.stages.length) throw absent[0].error;
    for (const { place, stage, error } of absent) {
      opened[place] = await open(stage, place, true);
      const server = stage.server?.url ?? stage.name;
      // Without the server's address, which stands before it in the line.
      const reason = error.message.replace(/^.* is not ready: /, '').replace(/\.$/, '');
      notes.engine({ kind: 'server-down', server, reason }, stage.name);
    }
  } catch (error) {
    await Promise.all(opened.map((classifier) => classifier?.close()));
    throw error;
  }
  return plan.stages.flatMap(({ name, tta, costPer1000 }, place) => {
    const classifier = opened[place];
    if (classifier === undefined) return [];
    const stage = { name, classifier, costPer1000 };
    if (tta === 'none') return [stage];
    const turned = turnedClassifier(classifier, tta);
    const views = tta === 'flip' ? 1 : 3;
    return [stage, { name: `${name}+${tta}`, classifier: turned, costPer1000: costPer1000 * views }];
  });
}

/** Nothing answers at the address of a server: it may only be on its way. */
function isAbsent(error: unknown): error is Sv72Error {
  return error instanceof Sv72Error && error.code === 'ERR_SERVER_UNREACHABLE';
}

/** What a stage is must be known without its server: fits of cascades go by it. */
function mayComeLate({ profile, server }: StagePlan): boolean {
  return profile.engine !== 'openai' || (server !== null && server.model !== null);
}

export async function closeStages(stages: readonly OpenStage[]): Promise<void> {
  await Promise.all(stages.map(({ classifier }) => classifier.close()));
}

/** @throws Sv72Error ERR_DEMO_MODEL where TAO is at stake */
export function refuseDemo(
  plan: Pick<ServePlan, 'network' | 'mayServeDemo'>,
  { manifest }: VerifiedBundle,
): void {
  if (!manifest.demo || plan.mayServeDemo) return;
  throw new Sv72Error(
    'ERR_DEMO_MODEL',
    `The model ${manifest.name} ${manifest.version} is a demonstration, and ${plan.network} is a live network.`,
    { details: { bundle: manifest.name, network: plan.network } },
  );
}

async function openModel(
  { profile, server, bundleDir }: StagePlan,
  given: VerifiedBundle | undefined,
  onEvent: (event: EngineEvent) => void,
  check: (bundle: VerifiedBundle) => void = () => {},
  { sharing, ...overrides }: Omit<Overrides, 'tolerant'> & { readonly late?: boolean } = {},
): Promise<Classifier> {
  const open = (what: readonly unknown[], make: () => Promise<Classifier>) =>
    sharing === undefined
      ? make()
      : sharing.classifiers.open(sharing.share ? JSON.stringify(what) : Symbol('its own'), make);
  const common = {
    prior: profile.prior,
    cache: { entries: profile.cache_entries, ttlMs: profile.cache_ttl_s * 1_000 },
    onEvent,
    ...overrides,
  };
  if (profile.engine === 'openai' && server !== null)
    return await open([server, profile.prior], () => createChatClassifier({ ...common, server }));
  const bundle = given ?? (await loadBundle(bundleDir));
  check(bundle);
  const { device, precision, variant, threads, processes } = profile;
  const at = server && { server: { ...server, model: server.model ?? bundle.manifest.name } };
  const same = [bundle.dir, bundle.manifest, device, precision, variant, at, profile.prior];
  return await open(same, () =>
    createClassifier({ ...common, bundle, device, precision, variant, ...at, threads, processes }),
  );
}
