/** What a person wants of a job, by Ctrl-C. */
export interface Wishes {
  /** Aborted by the first Ctrl-C (or SIGTERM): save and stop. */
  readonly stop: AbortSignal;
  /** Aborted by the second. */
  readonly kill: AbortSignal;
  /** Stops listening. */
  readonly over: () => void;
}

interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * The first Ctrl-C asks the job to save and stop, the second kills it, the third ends sv72 itself.
 * @param tell what to show the person
 */
export function listenForWishes(tell: (line: string) => void, source: SignalSource = process): Wishes {
  const stop = new AbortController();
  const kill = new AbortController();
  const wish = (): void => {
    if (!stop.signal.aborted) {
      stop.abort();
      tell('Stopping: the step saves what it has; once more kills it.');
    } else {
      kill.abort();
      tell('Killing it.');
      over();
    }
  };
  const over = (): void => {
    source.off('SIGINT', wish);
    source.off('SIGTERM', wish);
  };
  source.on('SIGINT', wish);
  source.on('SIGTERM', wish);
  return { stop: stop.signal, kill: kill.signal, over };
}
