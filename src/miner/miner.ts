import {
  type Axon,
  type AxonLimits,
  createAdmission,
  createAxon,
  createVerifier,
  DEFAULT_ROUTES,
} from '../axon/index.ts';
import { loadBundle, type VerifiedBundle } from '../bundle/index.ts';
import type { Settings } from '../config/index.ts';
import { createDeployService, Fleet, identityOf } from '../deploy/index.ts';
import type { Classifier } from '../inference/index.ts';
import { createMetrics, type MonitorServer, startMonitorServer } from '../monitor/index.ts';
import type { Presence } from '../presence/index.ts';
import { openStoreWriter, type StoreWriter } from '../store/index.ts';
import { type Answers, createAnswers } from './answers.ts';
import { axonLimits, axonRoutes } from './axon-options.ts';
import { anyCaller, type Callers, type CallersEvent, callersFromFile } from './callers.ts';
import { callersOfChain } from './callers-chain.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { JUDGE_EVERY_MS, openControl, promotedBundle, recordDeploy, rulesOf } from './deploying.ts';
import type { MinerEvent, Note } from './events.ts';
import type { ServedHotkey } from './identity.ts';
import { listeningFirst } from './listening-first.ts';
import { lockHotkey } from './lock.ts';
import { openClassifier, refuseDemo } from './models.ts';
import type { ServePlan } from './plan.ts';
import { announcedPlace, announcementsOf, openPresence, standingOf, standingWarnings } from './standing.ts';
import type { ListeningAxon, MinerStatus } from './status.ts';

export interface MinerOptions {
  readonly plan: ServePlan;
  readonly settings: Settings;
  /** From `servedHotkeys`, at least one. */
  readonly hotkeys: readonly ServedHotkey[];
  readonly version: string;
  readonly onEvent: (event: MinerEvent) => void;
  readonly now?: () => number;
}

/** A miner that listens. */
export interface Miner {
  readonly axons: readonly ListeningAxon[];
  /** Reads the list of callers again. */
  reload(): void;
  /**
   * Stops accepting, answers what is under way (at most for the time an answer may take), and closes everything.
   * A second call cuts that short. Both resolve when nothing is left running.
   */
  stop(why: string): Promise<void>;
}

interface Served {
  readonly hotkey: ServedHotkey;
  readonly axon: Axon;
}

/**
 * Starts one miner: hotkeys locked, bundle checked, engine warm, store and metrics open, and then each hotkey's axon
 * on its port. All of it or nothing: what was opened is closed when a later step fails.
 *
 * @throws ERR_ALREADY_SERVING, ERR_DEMO_MODEL, ERR_PORT_IN_USE, ERR_METRICS_PORT, ERR_CALLERS_FILE and those of
 *   `loadBundle`, `createClassifier` and `Presence.start`.
 */
export async function startMiner(options: MinerOptions): Promise<Miner> {
  const cleanup = createCleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(options: MinerOptions, cleanup: Cleanup): Promise<Miner> {
  const { plan, settings, hotkeys, version } = options;
  const onEvent = listeningFirst(options.onEvent);
  const now = options.now ?? Date.now;
  const startedAt = now();
  const note: Note = (level, message) => onEvent({ event: 'note', at: now(), level, message });

  const locks = await Promise.all(
    hotkeys.map(async ({ ss58 }) => {
      const lock = await lockHotkey(ss58);
      cleanup.add(() => lock.release());
      return lock;
    }),
  );
  const check = async (dir: string): Promise<VerifiedBundle> => {
    const found = await loadBundle(dir);
    refuseDemo(plan, found);
    return found;
  };
  const pointerFile = plan.pointerFileOf(hotkeys.map(({ ss58 }) => ss58));
  const bundle = await promotedBundle(plan, pointerFile, check, note);
  const { chain } = plan;
  const presence =
    chain === null ? undefined : openPresence({ plan: { ...plan, chain }, hotkeys, note, now });
  cleanup.add(() => presence?.close());
  const callers = openCallers(plan, presence, note);
  cleanup.add(() => callers.close());
  // Two processes start side by side: the engine, and the one that reads the chain.
  const looked = presence === undefined ? undefined : startPresence(presence, plan, note);
  looked?.catch(() => undefined);
  const load = (chosen: VerifiedBundle) => openClassifier(plan, chosen, note);
  const first = await load(bundle);
  const fleet = new Fleet({ live: { identity: await identityOf(bundle), classifier: first }, now });
  cleanup.add(() => fleet.close());
  await looked;
  const store = openStore(options, note);
  cleanup.add(() => store.close());

  const { info } = first;
  const served: Served[] = [];
  const metrics = createMetrics({
    info: {
      version,
      bundle: info.bundle.name,
      bundle_version: info.bundle.version,
      demo: String(info.bundle.demo),
      device: info.device,
      precision: info.precision,
    },
    isKnownValidator: callers.isKnown,
    sources: {
      engine: () => fleet.live.classifier.stats(),
      store: () => store.stats(),
      connections: () => served.reduce((sum, { axon }) => sum + axon.connections, 0),
      ...(presence && { presence: () => presence.status() }),
    },
    now,
  });
  cleanup.add(() => metrics.close());
  const answers = createAnswers({
    predict: (image, options) => fleet.predict(image, options),
    store,
    metrics,
    keepImages: plan.imageFolder !== null,
    prior: plan.profile.prior,
    answerWithinMs: plan.profile.answer_within_s * 1_000,
    report: onEvent,
    now,
  });
  cleanup.add(() => answers.close());

  const concurrency = info.processes * info.maxBatch;
  const limits = axonLimits(settings);
  const axonOf = axonMaker({ settings, limits, callers, answers, concurrency });
  let draining = false;
  const monitor = await openMonitor(settings, metrics, () => ({
    ...readiness(fleet.live.classifier, served, draining),
    warnings: standingWarnings(presence, hotkeys),
  }));
  if (monitor !== undefined) cleanup.add(() => monitor.close());

  for (const [index, hotkey] of hotkeys.entries()) {
    const axon = axonOf(hotkey);
    cleanup.add(() => axon.close());
    const { port } = settings.axon;
    await axon.listen({ host: settings.axon.host, port: port === 0 ? 0 : port + index });
    served.push({ hotkey, axon });
  }

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
  const control = await openControl(deploys, note);
  if (control !== undefined) cleanup.add(() => control.close());

  const routes = DEFAULT_ROUTES.images.map((name) => `/${name}`);
  const btauthRoute = settings.btauth.enabled ? settings.btauth.route : null;
  const axons = served.map((one) => ({ ...listening(one), ...standingOf(presence, one.hotkey.ss58) }));
  for (const [index, axon] of axons.entries()) {
    const { hotkey, host, port } = axon;
    const announcing = announcedPlace(chain, port, index);
    locks[index]?.announce({
      pid: process.pid,
      hotkey,
      host,
      port,
      announcing,
      routes,
      btauthRoute,
      version,
      control: control?.path ?? null,
    });
  }
  const status: MinerStatus = {
    version,
    pid: process.pid,
    profile: plan.profileName,
    network: plan.network,
    netuid: plan.netuid,
    bundle: info.bundle,
    engine: {
      name: info.engine,
      device: info.device,
      precision: info.precision,
      variant: info.variant.name,
      chosen: info.variant.why,
      processes: info.processes,
      threads: info.threads,
      inferMs: info.inferMs,
    },
    routes,
    btauthRoute,
    callers: callers.describe(),
    limits: {
      bodyMib: settings.axon.max_body_mib,
      connections: limits.connections,
      connectionsPerAddress: limits.connectionsPerAddress,
      answerWithinS: plan.profile.answer_within_s,
      concurrency,
    },
    metrics: monitor === undefined ? null : { host: monitor.host, port: monitor.port },
    store: plan.storePath,
    warnings: [...plan.warnings, ...warningsOf(callers, bundle, plan)],
  };
  onEvent({ event: 'listening', at: now(), ...status, axons });
  // Validators may come once it is announced, so not before it listens.
  if (chain !== null) presence?.announce(announcementsOf(chain, axons, version));

  let stopping: Promise<void> | undefined;
  let forced = false;
  const drain = async (why: string) => {
    draining = true;
    const withinMs = plan.profile.answer_within_s * 1_000 + 1_000;
    await Promise.all(served.map(({ axon }) => axon.drain(withinMs)));
    answers.close();
    const { answered, failed, refused } = answers.counts();
    await cleanup.run();
    const uptimeS = Math.round((now() - startedAt) / 1_000);
    onEvent({ event: 'stopped', at: now(), why, forced, answered, failed, refused, uptimeS });
  };

  return {
    axons,
    reload: () => callers.reload(),
    async stop(why) {
      if (stopping !== undefined) {
        forced = true;
        await Promise.all(served.map(({ axon }) => axon.close()));
      }
      stopping ??= drain(why);
      await stopping;
    },
  };
}

/** Without the chain only those can be answered who were named otherwise; then its first look may fail. */
async function startPresence(presence: Presence, { callers }: ServePlan, note: Note): Promise<void> {
  try {
    await presence.start();
  } catch (error) {
    if (!callers.any && callers.file === null) throw error;
    note('warning', 'Without a list of validators only the callers named by other means are answered.');
  }
}

function openCallers(plan: ServePlan, presence: Presence | undefined, note: Note): Callers {
  const others = otherCallers(plan, note);
  if (presence !== undefined) return callersOfChain(presence, others, plan.callers.validators);
  return others ?? anyCaller();
}

/** Those who may ask whatever the chain says; undefined: nobody. */
function otherCallers({ callers }: ServePlan, note: Note): Callers | undefined {
  if (callers.any) return anyCaller();
  const path = callers.file;
  if (path === null) return undefined;
  const onEvent = (event: CallersEvent) => {
    if (event.kind === 'unreadable') {
      note('warning', `${event.reason} The list read before stays in use.`);
      return;
    }
    note('info', `Callers were read again: ${event.count} from ${path}.`);
    for (const { line, reason } of event.badLines) note('warning', `${path}, line ${line}: ${reason}.`);
  };
  return callersFromFile({ path, onEvent });
}

function openStore({ plan, settings, now }: MinerOptions, note: Note): StoreWriter {
  return openStoreWriter({
    path: plan.storePath,
    imageFolder: plan.imageFolder,
    imageCapBytes: settings.store.image_cap_mib * 1024 * 1024,
    retentionDays: settings.store.keep_days,
    retentionRows: 2_000_000,
    onProblem: (problem) =>
      problem === null
        ? note('info', 'Answers are being stored again.')
        : note('warning', `Answers are not being stored: ${problem}`),
    ...(now && { now }),
  });
}

async function openMonitor(
  settings: Settings,
  metrics: Parameters<typeof startMonitorServer>[0]['metrics'],
  readiness: Parameters<typeof startMonitorServer>[0]['readiness'],
): Promise<MonitorServer | undefined> {
  const { enabled, host, port } = settings.metrics;
  return enabled ? await startMonitorServer({ metrics, readiness, host, port }) : undefined;
}

function axonMaker(from: {
  readonly settings: Settings;
  readonly limits: AxonLimits;
  readonly callers: Callers;
  readonly answers: Answers;
  readonly concurrency: number;
}): (hotkey: ServedHotkey) => Axon {
  const { settings, limits, callers, answers, concurrency } = from;
  const verifier = createVerifier();
  const admission = createAdmission({ concurrency });
  return (hotkey) =>
    createAxon({
      hotkey: hotkey.ss58,
      callerPolicy: callers.policy,
      answer: answers.answer,
      fallback: answers.fallback,
      observer: answers.observe,
      routes: axonRoutes(settings),
      limits,
      verifier,
      admission,
    });
}

function listening({ hotkey, axon }: Served): Omit<ListeningAxon, 'uid' | 'announced'> {
  const { host = '', port = 0 } = axon.address ?? {};
  return { name: hotkey.name, hotkey: hotkey.ss58, host, port };
}

function readiness(classifier: Classifier, served: readonly Served[], draining: boolean) {
  const reasons: string[] = [];
  if (draining) reasons.push('the miner is stopping');
  if (classifier.stats().ready === 0) reasons.push('no engine process is ready');
  if (served.length === 0 || served.some(({ axon }) => axon.address === undefined)) {
    reasons.push('an axon does not listen');
  }
  return { ready: reasons.length === 0, reasons };
}

function warningsOf(callers: Callers, { manifest }: VerifiedBundle, plan: ServePlan): string[] {
  const warnings = callers.badLines.map(({ line, reason }) => `Callers file, line ${line}: ${reason}.`);
  if (manifest.demo) {
    warnings.push(
      plan.network === 'offline'
        ? 'The model is a demonstration, for trying things out only.'
        : 'The model is a demonstration: real validators will find its answers bad.',
    );
  }
  return warnings;
}
