import { loadBundle } from '../bundle/index.ts';
import { type CascadeFile, cascadeText, parseCascade, readCascade, withFit } from '../cascade/index.ts';
import { readIfThere, writeWhole } from '../config/index.ts';
import { closeStages, ModelNotes, openStages, type ProfilePlan } from '../miner/index.ts';
import { evaluateProfile, type ProfileEvaluation, type ProfileRequest } from './evaluate.ts';
import { demandStages, type FitRequest, type Fitted, fitCascade } from './fit.ts';
import type { FittedStage } from './stage.ts';

type Opened<Request> = Omit<Request, 'stages' | 'cascade'> & {
  readonly plan: ProfilePlan;
  readonly onNote: (message: string) => void;
};

/** Opens the stages of a profile, fits their cascade, and closes them. @throws what `fitCascade` and the engines throw */
export async function fitProfile({ plan, onNote, ...request }: Opened<FitRequest>): Promise<Fitted> {
  // Before models are loaded.
  demandStages(request.profile, plan.stages.length + plan.stages.filter(({ tta }) => tta !== 'none').length);
  return await withStages(plan, onNote, (stages) => fitCascade({ ...request, stages }));
}

/** Opens the stages of a profile, evaluates it, and closes them. @throws what `evaluateProfile` and the engines throw */
export async function judgeProfile({
  plan,
  onNote,
  ...request
}: Opened<ProfileRequest>): Promise<ProfileEvaluation> {
  const path = plan.cascade;
  const cascade = path === null ? null : { file: await readCascade(path), path };
  return await withStages(plan, onNote, (stages) => evaluateProfile({ ...request, stages, cascade }));
}

async function withStages<T>(
  plan: ProfilePlan,
  onNote: (message: string) => void,
  work: (stages: readonly FittedStage[]) => Promise<T>,
): Promise<T> {
  const [first] = plan.stages;
  const bundle =
    first === undefined || first.profile.engine === 'openai' ? undefined : await loadBundle(first.bundleDir);
  const stages = await openStages(
    { stages: plan.stages, network: 'offline', mayServeDemo: true },
    bundle,
    new ModelNotes((_, message) => onNote(message)),
    { cache: { entries: 0 }, limits: { queue: 100_000, queueBytes: Number.POSITIVE_INFINITY } },
  );
  try {
    return await work(stages);
  } finally {
    await closeStages(stages);
  }
}

/**
 * Writes what was found, for the profile to name; what the file has for other models is kept.
 *
 * @throws Sv72Error ERR_CASCADE_FILE where there is another file, ERR_FILE_WRITE
 */
export async function writeCascade(path: string, { file }: Pick<Fitted, 'file'>): Promise<void> {
  await writeWhole(path, cascadeText(withFit(await cascadeThere(path), file)));
}

/** The file that is there; undefined: there is none. @throws Sv72Error ERR_CASCADE_FILE where it is something else */
export async function cascadeThere(path: string): Promise<CascadeFile | undefined> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : parseCascade(text, path);
}
