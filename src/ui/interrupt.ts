/** A wish to stop, by Ctrl-C or from whoever ends processes. */
export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  readonly over: () => void;
}

/** What signals come from, and can be sent to. */
export interface SignalSource {
  readonly pid: number;
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

/** Listens for SIGINT and SIGTERM: the first asks to stop, the second ends the process. */
export function listenForInterruption(): Interruption {
  const stop = new AbortController();
  return { signal: stop.signal, over: onInterruptions([() => stop.abort()]) };
}

/**
 * Takes a step for each SIGINT or SIGTERM that comes; the one after the last step ends the process.
 *
 * The listeners stay while a signal is heard: libraries that clean up after child processes end this one as soon as they
 * find themselves the only listeners.
 *
 * @returns stops listening
 */
export function onInterruptions(steps: readonly (() => void)[], source: SignalSource = process): () => void {
  const left = [...steps];
  const heard = (signal: NodeJS.Signals): void => {
    const step = left.shift();
    if (step === undefined) {
      over();
      source.kill(source.pid, signal);
    } else step();
  };
  const over = (): void => {
    source.off('SIGINT', heard);
    source.off('SIGTERM', heard);
  };
  source.on('SIGINT', heard);
  source.on('SIGTERM', heard);
  return over;
}
