/** What a process is told to stop or to read its lists again. */
interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

export interface SignalHandlers {
  /** SIGTERM or SIGINT. */
  readonly onStop: (signal: NodeJS.Signals) => void;
  /** SIGHUP. */
  readonly onReload?: () => void;
}

/** @returns stops listening. */
export function listenForSignals(handlers: SignalHandlers, source: SignalSource = process): () => void {
  const { onStop, onReload } = handlers;
  source.on('SIGTERM', onStop);
  source.on('SIGINT', onStop);
  if (onReload !== undefined) source.on('SIGHUP', onReload);
  return () => {
    source.off('SIGTERM', onStop);
    source.off('SIGINT', onStop);
    if (onReload !== undefined) source.off('SIGHUP', onReload);
  };
}
