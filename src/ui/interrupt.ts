/** A wish to stop, by Ctrl-C or from whoever ends processes. */
export interface Interruption {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  readonly over: () => void;
}

/**
 * Listens for SIGINT and SIGTERM: the first asks to stop, the second ends the process.
 *
 * The listeners stay while the first is heard: libraries that clean up after child processes end this one as soon as
 * they find themselves the only listeners.
 */
export function listenForInterruption(): Interruption {
  const stop = new AbortController();
  const heard = (signal: NodeJS.Signals): void => {
    if (!stop.signal.aborted) {
      stop.abort();
      return;
    }
    over();
    process.kill(process.pid, signal);
  };
  const over = (): void => {
    process.off('SIGINT', heard);
    process.off('SIGTERM', heard);
  };
  process.on('SIGINT', heard);
  process.on('SIGTERM', heard);
  return { signal: stop.signal, over };
}
