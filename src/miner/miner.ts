import { type Axon, createVerifier, DEFAULT_ROUTES } from '../axon/index.ts';
import type { Settings } from '../config/index.ts';
import { SharedClassifiers } from '../inference/index.ts';
import { createMetrics, type Metrics, type MonitorServer, startMonitorServer } from '../monitor/index.ts';
import type { Presence } from '../presence/index.ts';
import { openStoreWriter, type StoreWriter } from '../store/index.ts';
import { axonLimits } from './axon-options.ts';
import { anyCaller, type Callers, type CallersEvent, callersFromFile } from './callers.ts';
import { callersOfChain } from './callers-chain.ts';
import { type Cleanup, createCleanup } from './cleanup.ts';
import type { MinerEvent, Note } from './events.ts';
import { figuresOf } from './figures.ts';
import { type Group, openGroup } from './group.ts';
import type { Seat } from './groups.ts';
import type { ServedHotkey } from './identity.ts';
import { listeningFirst } from './listening-first.ts';
import { type HotkeyLock, lockHotkey } from './lock.ts';
import type { ServePlan } from './plan.ts';
import { announcedPlace, announcementsOf, openPresence, standingOf, standingWarnings } from './standing.ts';
import type { GroupStatus, ListeningAxon, MinerStatus } from './status.ts';

/** A hotkey to serve, and where. */
export type SeatedHotkey = ServedHotkey & Omit<Seat, 'name'>;

/** Hotkeys that answer with the same models. */
export interface MinerGroup {
  readonly plan: ServePlan;
  /** At least one. */
  readonly hotkeys: readonly SeatedHotkey[];
}

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

/** A hotkey that is to be served, and how far that came. */
interface Place {
  readonly hotkey: SeatedHotkey;
  readonly group: OpenableGroup;
  lock: HotkeyLock | undefined;
  axon: Axon | undefined;
  /** Why it is not served. */
  down: string | undefined;
}

/** A group that is opened when its first hotkey is, and again after that failed. */
interface OpenableGroup {
  readonly plan: ServePlan;
  readonly open: () => Promise<Group>;
  /** Under way, or how that ended; several hotkeys need not try it one after the other. */
  opening: Promise<Group> | undefined;
  opened: Group | undefined;
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

  const places: Place[] = [];
  const tryPlace = async (place: Place, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await place.lock?.release();
      place.lock = undefined;
      if (!tolerant) throw error;
      place.down = error instanceof Error ? error.message : String(error);
      failures.push(error);
    }
  };
  const failures: unknown[] = [];
  const { chain } = plan;
  let shared: Omit<Parameters<typeof openGroup>[0], 'plan' | 'hotkeys' | 'number' | 'note'> | undefined;
  for (const [number, group] of groups.entries()) {
    const openable = openableGroup(group.plan, async () => {
      if (shared === undefined) throw new Error('too early');
      const named: Note = (level, message) =>
        note(level, groups.length === 1 ? message : `[${group.plan.profileName}] ${message}`);
      const opened = await openGroup({ ...shared, ...group, number, note: named });
      cleanup.add(() => opened.close());
      shared.metrics.running(labelsOf(group.plan, opened));
      return opened;
    });
    for (const hotkey of group.hotkeys) {
      places.push({ hotkey, group: openable, lock: undefined, axon: undefined, down: undefined });
    }
  }
  cleanup.add(async () => {
    await Promise.all(places.map(({ lock }) => lock?.release()));
  });
  const locked = await Promise.allSettled(places.map((place) => tryPlace(place, () => lock(place))));
  const refused = locked.find((result) => result.status === 'rejected');
  if (refused !== undefined) throw refused.reason;

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
  const running = () => [...new Set(places.flatMap(({ group }) => group.opened ?? []))];
  const metrics = createMetrics({
    version,
    isKnownValidator: callers.isKnown,
    sources: {
      engine: () =>
        figuresOf(
          classifiers.stats(),
          running().map(({ fleet }) => fleet.live.classifier.stats()),
        ),
      store: () => store.stats(),
      connections: () => places.reduce((sum, { axon }) => sum + (axon?.connections ?? 0), 0),
      ...(presence && { presence: () => presence.status() }),
    },
    now,
  });
  cleanup.add(() => metrics.close());
  shared = {
    settings,
    store,
    metrics,
    callers,
    verifier: createVerifier(),
    classifiers,
    onEvent,
    now,
  };
  for (const place of places) {
    if (place.down === undefined) await tryPlace(place, async () => void (await openOnce(place.group)));
  }
  await looked;

  let draining = false;
  const monitor = await openMonitor(settings, metrics, () => ({
    ...readiness(places, running(), draining, tolerant),
    warnings: [
      ...standingWarnings(presence, hotkeys),
      ...places.flatMap(({ hotkey, down }) =>
        down === undefined ? [] : [`"${hotkey.name}" is not served: ${down}`],
      ),
    ],
  }));
  if (monitor !== undefined) cleanup.add(() => monitor.close());

  cleanup.add(async () => {
    await Promise.all(places.map(({ axon }) => axon?.close()));
  });
  for (const place of places) {
    if (place.down === undefined) await tryPlace(place, () => listen(place, settings));
  }
  const served = () => places.filter(({ axon }) => axon !== undefined);
  if (served().length === 0) throw failures[0];

  const routes = DEFAULT_ROUTES.images.map((name) => `/${name}`);
  const btauthRoute = settings.btauth.enabled ? settings.btauth.route : null;
  const axonOf = (place: Place): ListeningAxon => ({
    ...listening(place),
    ...standingOf(presence, place.hotkey.ss58),
  });
  /** Tells those on this machine, and the chain. Validators may come once it is announced, so not before it listens. */
  const announce = (place: Place) => {
    const axon = axonOf(place);
    const { externalPort } = place.hotkey;
    place.lock?.announce({
      pid: process.pid,
      hotkey: axon.hotkey,
      host: axon.host,
      port: axon.port,
      announcing: announcedPlace(chain, axon.port, externalPort),
      routes,
      btauthRoute,
      version,
      control: place.group.opened?.control ?? null,
    });
    if (chain !== null) presence?.announce(announcementsOf(chain, { ...axon, externalPort }, version));
  };
  const axons = served().map(axonOf);
  const [first] = running();
  if (first === undefined) throw failures[0];
  const limits = axonLimits(settings);
  const statuses = running().map((group) => statusOf(group, served()));
  const { profile, bundle, engine, answerWithinS, concurrency } = statusOf(first, served());
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
        ...running().flatMap(demoWarning),
        ...(options.left ?? []),
        ...places.flatMap(notServed),
      ]),
    ],
  };
  onEvent({ event: 'listening', at: now(), ...status, axons });
  for (const place of served()) announce(place);

  let retrying: Promise<void> = Promise.resolve();
  const again = async () => {
    const waiting = places.filter(({ axon }) => axon === undefined);
    for (const { group } of waiting) if (group.opened === undefined) group.opening = undefined;
    for (const place of waiting) {
      if (draining) return;
      place.down = undefined;
      await tryPlace(place, async () => {
        await lock(place);
        await openOnce(place.group);
        await listen(place, settings);
      });
      if (place.axon === undefined) continue;
      announce(place);
      const { port } = listening(place);
      note('info', `"${place.hotkey.name}" is served now, on port ${port}.`);
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
    await retrying;
    await Promise.all(
      served().map(({ axon, group }) => axon?.drain(group.plan.profile.answer_within_s * 1_000 + 1_000)),
    );
    const counts = running().map(({ answers }) => {
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
        await Promise.all(served().map(({ axon }) => axon?.close()));
      }
      stopping ??= drain(why);
      await stopping;
    },
  };
}

async function lock(place: Place): Promise<void> {
  place.lock = await lockHotkey(place.hotkey.ss58);
}

async function listen(place: Place, { axon: { host } }: Settings): Promise<void> {
  const group = await openOnce(place.group);
  const axon = group.axonOf(place.hotkey);
  await axon.listen({ host, port: place.hotkey.port });
  place.axon = axon;
}

function openableGroup(plan: ServePlan, open: () => Promise<Group>): OpenableGroup {
  return { plan, open, opening: undefined, opened: undefined };
}

async function openOnce(group: OpenableGroup): Promise<Group> {
  group.opening ??= group.open();
  group.opened = await group.opening;
  return group.opened;
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

function listening({ hotkey, axon, group }: Place): Omit<ListeningAxon, 'uid' | 'announced'> {
  const { host = '', port = 0 } = axon?.address ?? {};
  return { name: hotkey.name, hotkey: hotkey.ss58, profile: group.plan.profileName, host, port };
}

/** Where some may be down, the others keep it ready. */
function readiness(places: readonly Place[], groups: readonly Group[], draining: boolean, tolerant: boolean) {
  const reasons: string[] = [];
  if (draining) reasons.push('the miner is stopping');
  const idle = groups.filter(({ fleet }) => fleet.live.classifier.stats().ready === 0);
  if (idle.length > 0 && (!tolerant || idle.length === groups.length))
    reasons.push('no engine process is ready');
  const listens = places.filter(({ axon }) => axon?.address !== undefined);
  if (listens.length < (tolerant ? 1 : places.length)) reasons.push('an axon does not listen');
  return { ready: reasons.length === 0, reasons };
}

function statusOf({ plan, info, concurrency }: Group, served: readonly Place[]): GroupStatus {
  return {
    profile: plan.profileName,
    hotkeys: served.filter(({ group }) => group.plan === plan).map(({ hotkey }) => hotkey.name),
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
    answerWithinS: plan.profile.answer_within_s,
    concurrency,
  };
}

function labelsOf({ profileName }: ServePlan, { info }: Group) {
  return {
    profile: profileName,
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

function notServed({ hotkey, down }: Place): string[] {
  return down === undefined ? [] : [`"${hotkey.name}" is not served, and tried again: ${down}`];
}
