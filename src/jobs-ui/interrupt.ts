import { onInterruptions, type SignalSource } from '../ui/index.ts';

/** What a person wants of a job, by Ctrl-C. */
export interface Wishes {
  /** Aborted by the first Ctrl-C (or SIGTERM): save and stop. */
  readonly stop: AbortSignal;
  /** Aborted by the second. */
  readonly kill: AbortSignal;
  /** Stops listening. */
  readonly over: () => void;
}

/**
 * The first Ctrl-C asks the job to save and stop, the second kills it, the third ends sv72 itself.
 *
 * @param tell what to show the person
 */
export function listenForWishes(tell: (line: string) => void, source?: SignalSource): Wishes {
  const stop = new AbortController();
  const kill = new AbortController();
  const steps = [
    () => {
      stop.abort();
      tell('Stopping: the step saves what it has; once more kills it.');
    },
    () => {
      kill.abort();
      tell('Killing it.');
    },
  ];
  return { stop: stop.signal, kill: kill.signal, over: onInterruptions(steps, source) };
}
