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
type Overrides = Pick<ClassifierOptions, 'cache' | 'limits'> & { readonly sharing?: Sharing };

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
  const overrides = sharing && { sharing };
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

/** Opens each stage of a profile, and behind it what looks at doubtful pictures again. All of them or none. */
export async function openStages(
  plan: Pick<ModelsPlan, 'stages' | 'network' | 'mayServeDemo'>,
  bundle: VerifiedBundle | undefined,
  notes: ModelNotes,
  overrides?: Overrides,
): Promise<OpenStage[]> {
  const opened: OpenStage[] = [];
  try {
    for (const [place, stage] of plan.stages.entries()) {
      const classifier = await openModel(
        stage,
        place === 0 ? bundle : undefined,
        (event) => notes.engine(event, stage.name),
        (loaded) => refuseDemo(plan, loaded),
        overrides,
      );
      const { name, tta, costPer1000 } = stage;
      opened.push({ name, classifier, costPer1000 });
      if (tta === 'none') continue;
      const views = tta === 'flip' ? 1 : 3;
      opened.push({
        name: `${name}+${tta}`,
        classifier: turnedClassifier(classifier, tta),
        costPer1000: costPer1000 * views,
      });
    }
  } catch (error) {
    await closeStages(opened);
    throw error;
  }
  return opened;
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
  { sharing, ...overrides }: Overrides = {},
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
