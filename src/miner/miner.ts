import { createVerifier, DEFAULT_ROUTES } from '../axon/index.ts';
import type { Settings } from '../config/index.ts';
import { SharedClassifiers } from '../inference/index.ts';
import { createMetrics, type Metrics, type MonitorServer, startMonitorServer } from '../monitor/index.ts';
import { openStoreWriter, type StoreWriter } from '../store/index.ts';
import { axonLimits } from './axon-options.ts';
import { openCallers, startPresence } from './callers-open.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import type { MinerEvent, Note } from './events.ts';
import { figuresOf } from './figures.ts';
import { type Group, openGroup } from './group.ts';
import { listeningFirst } from './listening-first.ts';
import { listening, type MinerGroup, notServed, type Place, Places, readiness, statusOf } from './places.ts';
import { announcedPlace, announcementsOf, openPresence, standingOf, standingWarnings } from './standing.ts';
import type { ListeningAxon, MinerStatus } from './status.ts';

export interface MinerOptions {
  /** All on the same chain, with the same callers and store. */
  readonly groups: readonly [MinerGroup, ...MinerGroup[]];
  readonly settings: Settings;
  readonly version: string;
  readonly onEvent: (event: MinerEvent) => void;
  /** Whether a hotkey that cannot be served is told and tried again while the others answer, instead of ending all. */
  readonly tolerant?: boolean;
  /** Why further hotkeys are not even tried, for the status block. */
  readonly left?: readonly string[];
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

/** How often a hotkey that is down is tried again. */
const RETRY_MS = 30_000;

/**
 * Starts one miner: hotkeys locked, bundles checked, engines warm, store and metrics open, and then each hotkey's axon
 * on its port. All of it or nothing, unless it is tolerant: what was opened is closed when a later step fails.
 *
 * @throws ERR_ALREADY_SERVING, ERR_DEMO_MODEL, ERR_PORT_IN_USE, ERR_METRICS_PORT, ERR_CALLERS_FILE and those of
 *   `loadBundle`, `openClassifier` and `Presence.start`; a tolerant one only when no hotkey can be served.
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
  const { groups, settings, version, tolerant = false } = options;
  const [{ plan }] = groups;
  const onEvent = listeningFirst(options.onEvent);
  const now = options.now ?? Date.now;
  const startedAt = now();
  const note: Note = (level, message) => onEvent({ event: 'note', at: now(), level, message });
  const hotkeys = groups.flatMap((group) => group.hotkeys);

  const places = new Places({ groups, tolerant, host: settings.axon.host });
  cleanup.add(() => places.release());
  await places.lock();

  const { chain } = plan;
  const presence =
    chain === null ? undefined : openPresence({ plan: { ...plan, chain }, hotkeys, note, now });
  cleanup.add(() => presence?.close());
  const callers = openCallers(plan, presence, note);
  cleanup.add(() => callers.close());
  // Processes start side by side: the engines, and the one that reads the chain.
  const looked = presence === undefined ? undefined : startPresence(presence, plan, note);
  looked?.catch(() => undefined);
  const store = openStore(options, note);
  cleanup.add(() => store.close());
  const classifiers = new SharedClassifiers();
  const metrics = createMetrics({
    version,
    isKnownValidator: callers.isKnown,
    sources: {
      models: () => places.running.map(labelsOf),
      engine: () =>
        figuresOf(
          classifiers.stats(),
          places.running.map(({ plan: { profileName: profile }, fleet }) => ({
            profile,
            stats: fleet.live.classifier.stats(),
          })),
        ),
      store: () => store.stats(),
      connections: () => places.all.reduce((sum, { axon }) => sum + (axon?.connections ?? 0), 0),
      ...(presence && { presence: () => presence.status() }),
    },
    now,
  });
  cleanup.add(() => metrics.close());
  const verifier = createVerifier();
  const shared = { settings, store, metrics, callers, verifier, classifiers, onEvent, now };
  cleanup.add(() => places.close());
  await places.open(async (group, number) => {
    const named: Note = (level, message) =>
      note(level, groups.length === 1 ? message : `[${namesOf(group)}] ${message}`);
    return await openGroup({ ...shared, ...group, number, note: named });
  });
  await looked;

  let draining = false;
  const monitor = await openMonitor(settings, metrics, () => ({
    ...readiness(places, tolerant, draining),
    warnings: [...standingWarnings(presence, hotkeys), ...notServed(places)],
  }));
  if (monitor !== undefined) cleanup.add(() => monitor.close());

  await places.listen();
  const [first] = places.running;
  if (first === undefined || places.served.length === 0) throw places.failure;

  const routes = DEFAULT_ROUTES.images.map((name) => `/${name}`);
  const btauthRoute = settings.btauth.enabled ? settings.btauth.route : null;
  const axonOf = (place: Place): ListeningAxon => ({
    ...listening(place),
    ...standingOf(presence, place.hotkey.ss58),
  });
  const tellMachine = (place: Place) => {
    const axon = axonOf(place);
    place.lock?.announce({
      pid: process.pid,
      hotkey: axon.hotkey,
      host: axon.host,
      port: axon.port,
      announcing: announcedPlace(chain, axon.port, place.hotkey.externalPort),
      routes,
      btauthRoute,
      version,
      control: place.models.opened?.control ?? null,
    });
  };
  // Validators may come once it is announced, so not before it listens.
  const tellChain = (place: Place) => {
    const { externalPort } = place.hotkey;
    if (chain !== null) {
      presence?.announce(announcementsOf(chain, { ...listening(place), externalPort }, version));
    }
  };
  const axons = places.served.map(axonOf);
  for (const place of places.served) tellMachine(place);
  const limits = axonLimits(settings);
  const statuses = places.running.map((group) => statusOf(group, places.served));
  const { profile, bundle, engine, answerWithinS, concurrency } = statusOf(first, places.served);
  const status: MinerStatus = {
    version,
    pid: process.pid,
    profile,
    network: plan.network,
    netuid: plan.netuid,
    bundle,
    engine,
    groups: statuses,
    routes,
    btauthRoute,
    callers: callers.describe(),
    limits: {
      bodyMib: settings.axon.max_body_mib,
      connections: limits.connections,
      connectionsPerAddress: limits.connectionsPerAddress,
      answerWithinS,
      concurrency,
    },
    metrics: monitor === undefined ? null : { host: monitor.host, port: monitor.port },
    store: plan.storePath,
    warnings: [
      ...new Set([
        ...groups.flatMap((group) => group.plan.warnings),
        ...callers.badLines.map(({ line, reason }) => `Callers file, line ${line}: ${reason}.`),
        ...places.running.flatMap(demoWarning),
        ...(options.left ?? []),
        ...notServed(places),
      ]),
    ],
  };
  onEvent({ event: 'listening', at: now(), ...status, axons });
  for (const place of places.served) tellChain(place);

  let retrying: Promise<void> = Promise.resolve();
  const again = async () => {
    for (const place of await places.again()) {
      tellMachine(place);
      tellChain(place);
      note('info', `"${place.hotkey.name}" is served now, on port ${listening(place).port}.`);
    }
  };
  const timer = setInterval(() => {
    retrying = retrying.then(again).catch(() => undefined);
  }, RETRY_MS).unref();
  cleanup.add(() => clearInterval(timer));

  let stopping: Promise<void> | undefined;
  let forced = false;
  const drain = async (why: string) => {
    draining = true;
    clearInterval(timer);
    await Promise.all(
      places.served.map(({ axon, models }) =>
        axon?.drain(models.plan.profile.answer_within_s * 1_000 + 1_000),
      ),
    );
    await retrying;
    const counts = places.running.map(({ answers }) => {
      answers.close();
      return answers.counts();
    });
    const sum = (key: 'answered' | 'failed' | 'refused') =>
      counts.reduce((total, one) => total + one[key], 0);
    await cleanup.run();
    onEvent({
      event: 'stopped',
      at: now(),
      why,
      forced,
      answered: sum('answered'),
      failed: sum('failed'),
      refused: sum('refused'),
      uptimeS: Math.round((now() - startedAt) / 1_000),
    });
  };

  return {
    axons,
    reload: () => callers.reload(),
    async stop(why) {
      if (stopping !== undefined) {
        forced = true;
        await Promise.all(places.served.map(({ axon }) => axon?.close()));
      }
      stopping ??= drain(why);
      await stopping;
    },
  };
}

/** Enough names to know which models a line is about. */
function namesOf({ hotkeys }: MinerGroup): string {
  const names = hotkeys.map(({ name }) => name);
  return names.length <= 3
    ? names.join(', ')
    : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

function openStore({ groups: [{ plan }], settings, now }: MinerOptions, note: Note): StoreWriter {
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
  metrics: Metrics,
  ready: Parameters<typeof startMonitorServer>[0]['readiness'],
): Promise<MonitorServer | undefined> {
  const { enabled, host, port } = settings.metrics;
  return enabled ? await startMonitorServer({ metrics, readiness: ready, host, port }) : undefined;
}

function labelsOf({ plan, fleet }: Group) {
  const { info } = fleet.live.classifier;
  return {
    profile: plan.profileName,
    bundle: info.bundle.name,
    bundle_version: info.bundle.version,
    demo: String(info.bundle.demo),
    device: info.device,
    precision: info.precision,
  };
}

function demoWarning({ plan, info }: Group): string[] {
  if (!info.bundle.demo) return [];
  return [
    plan.network === 'offline'
      ? 'The model is a demonstration, for trying things out only.'
      : 'The model is a demonstration: real validators will find its answers bad.',
  ];
}
