/** What a person wants of a job, by Ctrl-C. */
export interface Wishes {
  /** Aborted by the first Ctrl-C (or SIGTERM): save and stop. */
  readonly stop: AbortSignal;
  /** Aborted by the second. */
  readonly kill: AbortSignal;
  /** Stops listening. */
  readonly over: () => void;
}

/** What signals come from, and can be sent to. */
interface SignalSource {
  readonly pid: number;
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  kill(pid: number, signal: NodeJS.Signals): unknown;
}

/**
 * The first Ctrl-C asks the job to save and stop, the second kills it, the third ends sv72 itself. The listeners stay until
 * then: libraries that clean up after child processes end this one as soon as they find themselves the only listeners.
 *
 * @param tell what to show the person
 */
export function listenForWishes(tell: (line: string) => void, source: SignalSource = process): Wishes {
  const stop = new AbortController();
  const kill = new AbortController();
  const wish = (signal: NodeJS.Signals): void => {
    if (!stop.signal.aborted) {
      stop.abort();
      tell('Stopping: the step saves what it has; once more kills it.');
    } else if (!kill.signal.aborted) {
      kill.abort();
      tell('Killing it.');
    } else {
      over();
      source.kill(source.pid, signal);
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
