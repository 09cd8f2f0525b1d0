export interface AdmissionOptions {
  /** How many answers are worked on at once; a function when the engine's number changes. */
  readonly concurrency: number | (() => number);
  /** How many may wait. Default 256. */
  readonly maxWaiting?: number;
  /** First guess of how long one answer takes, until some have been measured (ms). Default 50. */
  readonly initialServiceMs?: number;
  /** Monotonic, ms. */
  readonly now?: () => number;
  readonly setTimer?: (callback: () => void, ms: number) => { cancel(): void };
}

/** What decides the order: more stake first, then the earlier deadline. */
export interface AdmissionEntry {
  /** rao */
  readonly stake: bigint;
  /** Monotonic ms; the result is worthless after it. */
  readonly deadline: number;
  /** Aborted when nobody waits for the result any more. */
  readonly signal?: AbortSignal;
}

export type Admitted<T> =
  | { readonly outcome: 'done'; readonly value: T; readonly waitedMs: number }
  /** deadline: it could no longer be done in time; overload: too many waited; gone: its signal was aborted. */
  | {
      readonly outcome: 'dropped';
      readonly reason: 'deadline' | 'overload' | 'gone';
      readonly waitedMs: number;
    };

export interface AdmissionStats {
  readonly active: number;
  readonly waiting: number;
  readonly done: number;
  readonly dropped: number;
  /** How long an answer is expected to take (ms): mean plus twice the mean deviation. */
  readonly serviceMs: number;
}

export interface Admission {
  /**
   * Runs the task when its turn comes. Rejects only with the task's own error.
   *
   * @param owner whose place it takes among those who wait: when too many wait, whoever has most of them loses one
   */
  run<T>(entry: AdmissionEntry, task: () => Promise<T>, owner?: string): Promise<Admitted<T>>;
  stats(): AdmissionStats;
}

interface Waiting {
  readonly entry: AdmissionEntry;
  readonly owner: string;
  readonly since: number;
  readonly start: () => void;
  readonly drop: (reason: 'deadline' | 'overload' | 'gone') => void;
}

/**
 * Decides who is served when more is asked than can be computed: a queue ordered by stake, from which whatever can no
 * longer be done in time is dropped first. One admission is shared by all axons that share an engine.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const now = options.now ?? (() => performance.now());
  const setTimer = options.setTimer ?? realTimer;
  const maxWaiting = options.maxWaiting ?? 256;
  const service = serviceEstimate(options.initialServiceMs ?? 50);
  const queue: Waiting[] = [];
  let active = 0;
  let done = 0;
  let dropped = 0;
  let timer: { cancel(): void } | undefined;

  const limit = () =>
    Math.max(1, typeof options.concurrency === 'function' ? options.concurrency() : options.concurrency);

  function pump(): void {
    for (let next = queue[0]; next !== undefined && active < limit(); next = queue[0]) {
      queue.shift();
      if (next.entry.signal?.aborted) next.drop('gone');
      else if (now() + service.mean() > next.entry.deadline) next.drop('deadline');
      else next.start();
    }
    watch();
  }

  /** Those who wait are told as soon as it is too late for them, so that the caller still gets an answer. */
  function watch(): void {
    timer?.cancel();
    timer = undefined;
    let earliest = Number.POSITIVE_INFINITY;
    for (const { entry } of queue) earliest = Math.min(earliest, entry.deadline);
    if (earliest === Number.POSITIVE_INFINITY) return;
    timer = setTimer(
      () => {
        timer = undefined;
        removeWhere(({ entry }) => now() + service.mean() >= entry.deadline, 'deadline');
        watch();
      },
      Math.max(0, earliest - service.mean() - now()),
    );
  }

  function removeWhere(test: (waiting: Waiting) => boolean, reason: 'deadline' | 'overload' | 'gone'): void {
    for (let i = queue.length - 1; i >= 0; i--) {
      const waiting = queue[i];
      if (waiting === undefined || !test(waiting)) continue;
      queue.splice(i, 1);
      waiting.drop(reason);
    }
  }

  function insert(waiting: Waiting): void {
    let at = queue.length;
    while (at > 0 && before(waiting.entry, (queue[at - 1] as Waiting).entry)) at--;
    queue.splice(at, 0, waiting);
    if (queue.length <= maxWaiting) return;
    const places = new Map(queue.map((item, place) => [item, place]));
    const hopeless = (item: Waiting) => {
      const rounds = Math.floor((places.get(item) ?? 0) / limit()) + 2;
      return now() + rounds * service.mean() > item.entry.deadline;
    };
    removeWhere(hopeless, 'deadline');
    while (queue.length > maxWaiting) dropSurplus();
  }

  /** Of those that wait for the same owner, the last one; of the owners, the one with most. */
  function dropSurplus(): void {
    const counts = new Map<string, number>();
    for (const { owner } of queue) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const at = queue.findLastIndex(({ owner }) => counts.get(owner) === most);
    queue.splice(at, 1)[0]?.drop('overload');
  }

  function run<T>(entry: AdmissionEntry, task: () => Promise<T>, owner = ''): Promise<Admitted<T>> {
    const since = now();
    const { promise, resolve, reject } = Promise.withResolvers<Admitted<T>>();
    const drop = (reason: 'deadline' | 'overload' | 'gone') => {
      dropped += 1;
      entry.signal?.removeEventListener('abort', onAbort);
      resolve({ outcome: 'dropped', reason, waitedMs: now() - since });
    };
    const onAbort = () => {
      removeWhere((item) => item === waiting, 'gone');
      watch();
    };
    const start = () => {
      entry.signal?.removeEventListener('abort', onAbort);
      const startedAt = now();
      active += 1;
      let held = true;
      const release = () => {
        if (!held) return;
        held = false;
        active -= 1;
        guard.cancel();
        pump();
      };
      // A task that never settles must not keep its place for ever: nobody waits for it after the deadline.
      const guard = setTimer(release, Math.max(0, entry.deadline - startedAt));
      const ended = (settle: () => void) => {
        service.add(now() - startedAt);
        done += 1;
        settle();
        release();
      };
      let result: Promise<T>;
      try {
        result = task();
      } catch (error) {
        result = Promise.reject(error);
      }
      result.then(
        (value) => ended(() => resolve({ outcome: 'done', value, waitedMs: startedAt - since })),
        (error: unknown) => ended(() => reject(error)),
      );
    };
    const waiting: Waiting = { entry, owner, since, start, drop };
    if (entry.signal?.aborted) drop('gone');
    else if (queue.length === 0 && active < limit()) start();
    else {
      entry.signal?.addEventListener('abort', onAbort, { once: true });
      insert(waiting);
      pump();
    }
    return promise;
  }

  return {
    run,
    stats: () => ({ active, waiting: queue.length, done, dropped, serviceMs: service.mean() }),
  };
}

function before(a: AdmissionEntry, b: AdmissionEntry): boolean {
  return a.stake === b.stake ? a.deadline < b.deadline : a.stake > b.stake;
}

/** Like TCP's retransmission timer (RFC 6298): smoothed mean plus a multiple of the smoothed deviation. */
function serviceEstimate(initialMs: number): { add(ms: number): void; mean(): number } {
  let mean = initialMs;
  let deviation = 0;
  let measured = false;
  return {
    add(ms) {
      if (measured) {
        deviation += 0.25 * (Math.abs(ms - mean) - deviation);
        mean += 0.125 * (ms - mean);
      } else {
        measured = true;
        mean = ms;
        deviation = ms / 2;
      }
    },
    mean: () => mean + 2 * deviation,
  };
}

function realTimer(callback: () => void, ms: number): { cancel(): void } {
  const timer = setTimeout(callback, ms);
  timer.unref();
  return { cancel: () => clearTimeout(timer) };
}
