import { Counter, Gauge, type Registry } from 'prom-client';
import { linesOf } from './lines.ts';
import { registerServers, type ServerFigures } from './servers.ts';
import { registerStages, type StageFigures } from './stages.ts';

/** The engine's own figures, read when scraped. */
export interface EngineFigures {
  readonly queued: number;
  readonly inFlight: number;
  readonly computed: number;
  readonly cache: { readonly hits: number; readonly misses: number; readonly entries: number };
  readonly shared: number;
  readonly priors: Readonly<Record<string, number>>;
  readonly restarts: number;
  readonly hangs: number;
  readonly ready: number;
  readonly servers?: readonly ServerFigures[];
  readonly stages?: readonly StageFigures[];
}

export interface StoreFigures {
  readonly written: number;
  readonly waiting: number;
  readonly dropped: number;
  readonly problem: string | null;
}

/** The standing on the chain when it was last looked at. */
export interface PresenceFigures {
  readonly list: { readonly block: number; readonly readAt: number } | undefined;
  readonly validators: number;
  readonly failing: number;
  readonly failures: number;
  readonly paying: 'pays' | 'nobody' | 'unknown' | undefined;
  readonly hotkeys: readonly {
    readonly hotkey: string;
    readonly uid: number | null | undefined;
    readonly announced: { readonly ip: bigint } | undefined;
  }[];
}

/** What answers for some hotkeys; labels of `sv72_info`, beside the version. */
interface InfoLabels {
  readonly profile: string;
  readonly bundle: string;
  readonly bundle_version: string;
  readonly demo: string;
  readonly device: string;
  readonly precision: string;
}

/** Where the figures come from that other parts count themselves. */
export interface MetricsSources {
  /** What answers now. */
  readonly models?: () => readonly InfoLabels[];
  readonly engine?: () => EngineFigures;
  readonly store?: () => StoreFigures;
  readonly connections?: () => number;
  readonly presence?: () => PresenceFigures;
}

/** Registers what is read at each scrape instead of being counted here. */
export function registerSources(registry: Registry, sources: MetricsSources): void {
  const { engine, store, connections, presence } = sources;
  if (engine !== undefined) {
    gauge('sv72_engine_queue', 'Images waiting for an engine.', () => engine().queued);
    gauge('sv72_engine_in_flight', 'Images an engine is working on.', () => engine().inFlight);
    gauge('sv72_engine_ready', 'Engine processes that can take work.', () => engine().ready);
    counter('sv72_engine_computed_total', 'Images computed by the model.', () => engine().computed);
    counter('sv72_engine_restarts_total', 'Engine processes that were replaced.', () => engine().restarts);
    counter('sv72_engine_hangs_total', 'Engine processes killed for not answering.', () => engine().hangs);
    counter('sv72_cache_hits_total', 'Answers from the cache.', () => engine().cache.hits);
    counter('sv72_cache_misses_total', 'Images not in the cache.', () => engine().cache.misses);
    gauge('sv72_cache_entries', 'Answers in the cache.', () => engine().cache.entries);
    counter('sv72_shared_total', 'Requests that shared another’s computation.', () => engine().shared);
    linesOf(
      registry,
      ['reason'],
      () => Object.entries(engine().priors),
      ([reason]) => ({ reason }),
    ).counter(
      'sv72_priors_total',
      'Answers that were the configured prior, by reason.',
      ([, count]) => count,
    );
    registerServers(registry, () => engine().servers ?? []);
    registerStages(registry, () => engine().stages ?? []);
  }
  if (store !== undefined) {
    gauge('sv72_store_up', '1 while the store can be written.', () => (store().problem === null ? 1 : 0));
    gauge('sv72_store_waiting', 'Requests waiting to be stored.', () => store().waiting);
    counter('sv72_store_written_total', 'Requests stored.', () => store().written);
    counter('sv72_store_dropped_total', 'Requests that could not be stored.', () => store().dropped);
  }
  if (connections !== undefined) gauge('sv72_connections', 'Open connections of callers.', connections);
  if (presence !== undefined) {
    gauge('sv72_validators', 'Hotkeys of the subnet that may ask.', () => presence().validators);
    gauge('sv72_chain_up', '1 while the chain can be read.', () => (presence().failing === 0 ? 1 : 0));
    counter('sv72_chain_failures_total', 'Looks at the chain that failed.', () => presence().failures);
    gauge('sv72_chain_block', 'Block of the list of validators in use.', () => presence().list?.block ?? 0);
    gauge(
      'sv72_chain_list_timestamp_seconds',
      'Unix time at which the list of validators in use was read.',
      () => (presence().list?.readAt ?? 0) / 1_000,
    );
    gauge('sv72_subnet_pays', '1 while the subnet pays its miners, 0 while nobody; -1: not known.', () =>
      presence().paying === 'pays' ? 1 : presence().paying === 'nobody' ? 0 : -1,
    );
    const { gauge: perHotkey } = linesOf(
      registry,
      ['miner'],
      () => presence().hotkeys,
      ({ hotkey }) => ({ miner: hotkey }),
    );
    perHotkey('sv72_registered', '1 while the hotkey has a UID on the subnet.', ({ uid }) =>
      uid === undefined ? undefined : uid === null ? 0 : 1,
    );
    perHotkey('sv72_uid', 'UID of the hotkey; -1: none.', ({ uid }) => (uid === null ? -1 : uid));
    perHotkey('sv72_announced', '1 while the chain has an address of the hotkey.', ({ announced }) =>
      announced === undefined || announced.ip === 0n ? 0 : 1,
    );
  }

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }

  function counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
