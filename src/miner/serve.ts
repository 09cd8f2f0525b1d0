import { setTimeout as delay } from 'node:timers/promises';
import { Sv72Error } from '../errors/index.ts';
import type { MinerEvent, StoppedEvent } from './events.ts';
import type { Miner } from './miner.ts';
import { listenForSignals } from './signals.ts';

/** How long a start that was interrupted may take to come to its end, ms. */
const START_LEFT_MS = 3_000;

export interface ServeOptions {
  /** Starts the miner, which reports to `onEvent`. */
  readonly start: (onEvent: (event: MinerEvent) => void) => Promise<Miner>;
  readonly onEvent: (event: MinerEvent) => void;
  /** Most time for closing after a second signal, ms. */
  readonly forcedMs?: number;
}

/**
 * Runs a miner until a signal stops it: the first lets it finish what is under way, the second ends it at once, also
 * while it is starting. SIGHUP reads the list of callers again. An error that nobody caught is reported and survived.
 *
 * @returns how it ended.
 * @throws ERR_INTERRUPTED when it was told to stop before it listened, and whatever `start` throws.
 */
export async function serveUntilStopped(options: ServeOptions): Promise<StoppedEvent> {
  const { onEvent } = options;
  const first = Promise.withResolvers<NodeJS.Signals>();
  const second = Promise.withResolvers<NodeJS.Signals>();
  let signals = 0;
  let miner: Miner | undefined;
  let ended: StoppedEvent | undefined;
  const stopListening = listenForSignals({
    onStop: (signal) => {
      signals += 1;
      (signals === 1 ? first : second).resolve(signal);
    },
    onReload: () => miner?.reload(),
  });

  // A validator that gets no answer counts it as wrong, so one request's bug must not end the miner for all.
  const survive = (error: unknown) => {
    const message = `Something failed unexpectedly; the miner goes on: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    onEvent({ event: 'note', at: Date.now(), level: 'warning', message });
  };

  try {
    const started = options.start((event) => {
      if (event.event === 'stopped') ended = event;
      else onEvent(event);
    });
    started.catch(() => undefined);
    const winner = await Promise.race([started, first.promise]);
    if (typeof winner === 'string') throw await interrupted(started, winner, second.promise);
    miner = winner;
    process.on('uncaughtException', survive);

    const why = await first.promise;
    const stopped = miner.stop(why);
    await Promise.race([stopped, second.promise.then((signal) => forced(winner, signal, options.forcedMs))]);
    return ended ?? lost(why);
  } finally {
    stopListening();
    process.off('uncaughtException', survive);
  }
}

/**
 * A start cannot be taken back half-way: it is waited for and then undone, unless there is a second signal, or it takes
 * long, as when a server is waited for: what a killed miner leaves behind ends by itself.
 */
async function interrupted(
  started: Promise<Miner>,
  why: NodeJS.Signals,
  second: Promise<unknown>,
): Promise<Sv72Error> {
  const undone = started.then((miner) => miner.stop(why)).catch(() => undefined);
  await Promise.race([undone, second, delay(START_LEFT_MS, undefined, { ref: false })]);
  return new Sv72Error('ERR_INTERRUPTED', 'Interrupted before the miner was listening.');
}

async function forced(miner: Miner, why: string, withinMs = 1_500): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([miner.stop(why), tooLong]);
  clearTimeout(timer);
}

/** When closing takes too long after a second signal, nobody is left to count. */
function lost(why: string): StoppedEvent {
  return {
    event: 'stopped',
    at: Date.now(),
    why,
    forced: true,
    answered: 0,
    failed: 0,
    refused: 0,
    uptimeS: Math.round(process.uptime()),
  };
}
