import { type Axon, createAdmission, createAxon, type Verifier } from '../axon/index.ts';
import { loadBundle, type VerifiedBundle } from '../bundle/index.ts';
import type { Settings } from '../config/index.ts';
import { createDeployService, Fleet, identityOf } from '../deploy/index.ts';
import { Sv72Error } from '../errors/index.ts';
import type { ClassifierInfo, SharedClassifiers } from '../inference/index.ts';
import type { Metrics } from '../monitor/index.ts';
import type { StoreWriter } from '../store/index.ts';
import { type Answers, createAnswers } from './answers.ts';
import { axonLimits, axonRoutes } from './axon-options.ts';
import type { Callers } from './callers.ts';
import { createCleanup } from './cleanup.ts';
import { JUDGE_EVERY_MS, openControl, promotedBundle, recordDeploy, rulesOf } from './deploying.ts';
import type { MinerEvent, Note } from './events.ts';
import type { ServedHotkey } from './identity.ts';
import { openClassifier, refuseDemo } from './models.ts';
import type { ServePlan } from './plan.ts';

/** What the groups of a process share. */
export interface GroupOptions {
  readonly plan: ServePlan;
  /** Those that answer with its models. */
  readonly hotkeys: readonly ServedHotkey[];
  /** Which of the process's groups it is, from 0. */
  readonly number: number;
  readonly settings: Settings;
  readonly store: StoreWriter;
  readonly metrics: Metrics;
  readonly callers: Callers;
  readonly verifier: Verifier;
  readonly classifiers: SharedClassifiers;
  readonly note: Note;
  readonly onEvent: (event: MinerEvent) => void;
  readonly now: () => number;
}

/** Hotkeys that answer with the same models: the models, what keeps account of their answers, and what changes them. */
export interface Group {
  readonly plan: ServePlan;
  /** Of the model it started with. */
  readonly info: ClassifierInfo;
  /** Pictures that are computed at the same time. */
  readonly concurrency: number;
  /** Where `sv72 deploy` reaches it; null: nowhere. */
  readonly control: string | null;
  readonly fleet: Fleet;
  readonly answers: Answers;
  /** An axon that does not listen yet. */
  axonOf(hotkey: ServedHotkey): Axon;
  close(): Promise<void>;
}

/**
 * Checks the bundle, loads and warms the models.
 *
 * @throws those of `loadBundle` and `openClassifier`; ERR_DEMO_MODEL
 */
export async function openGroup(options: GroupOptions): Promise<Group> {
  const cleanup = createCleanup();
  try {
    return await open(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function open(options: GroupOptions, cleanup: ReturnType<typeof createCleanup>): Promise<Group> {
  const { plan, hotkeys, settings, store, metrics, callers, verifier, classifiers, note, onEvent, now } =
    options;
  const asksServer = plan.stages[0]?.profile.engine === 'openai';
  const check = async (dir: string): Promise<VerifiedBundle> => {
    if (asksServer) {
      throw new Sv72Error(
        'ERR_DEPLOY_SERVER',
        `The profile ${plan.profileName} asks a server's own model, so no bundle can take its place.`,
      );
    }
    const found = await loadBundle(dir);
    refuseDemo(plan, found);
    return found;
  };
  const pointerFile = plan.pointerFileOf(hotkeys.map(({ ss58 }) => ss58));
  const bundle = asksServer ? undefined : await promotedBundle(plan, pointerFile, check, note);
  const load = (chosen: VerifiedBundle) => openClassifier(plan, chosen, note, { classifiers, share: false });
  const classifier = await openClassifier(plan, bundle, note, { classifiers, share: true });
  const { info } = classifier;
  const { name, version, sha256 } = info.bundle;
  const identity =
    bundle === undefined ? { name, version, dir: '', manifestSha256: sha256 } : await identityOf(bundle);
  const fleet = new Fleet({ live: { identity, classifier }, now });
  cleanup.add(() => fleet.close());

  const answers = createAnswers({
    predict: (image, at) => fleet.predict(image, at),
    store,
    metrics,
    keepImages: plan.imageFolder !== null,
    prior: plan.profile.prior,
    answerWithinMs: plan.profile.answer_within_s * 1_000,
    nameOf: (ss58) => hotkeys.find((hotkey) => hotkey.ss58 === ss58)?.name ?? ss58,
    report: onEvent,
    now,
  });
  cleanup.add(() => answers.close());

  const deploys = createDeployService({
    fleet,
    rules: rulesOf(plan, settings),
    configured: plan.bundleDir,
    pointerFile,
    check,
    load,
    processes: plan.profile.processes,
    onEvent: (event) => recordDeploy(event, { store, note, hotkeys }),
    now,
  });
  const judging = setInterval(() => deploys.tick(), JUDGE_EVERY_MS).unref();
  cleanup.add(() => clearInterval(judging));
  const control = await openControl(deploys, note, options.number);
  if (control !== undefined) cleanup.add(() => control.close());

  const concurrency = atOnce(info);
  const admission = createAdmission({ concurrency: () => atOnce(fleet.live.classifier.info) });
  const limits = axonLimits(settings);
  return {
    plan,
    info,
    concurrency,
    control: control?.path ?? null,
    fleet,
    answers,
    axonOf: (hotkey) =>
      createAxon({
        hotkey: hotkey.ss58,
        callerPolicy: callers.policy,
        answer: answers.answer,
        fallback: answers.fallback,
        observer: answers.observe,
        routes: axonRoutes(settings),
        limits,
        verifier,
        admission: {
          run: (entry, task) => admission.run(entry, task, hotkey.ss58),
          stats: () => admission.stats(),
        },
      }),
    close: () => cleanup.run(),
  };
}

/** Pictures that are computed at the same time. */
function atOnce({ processes, maxBatch }: ClassifierInfo): number {
  return processes * maxBatch;
}
