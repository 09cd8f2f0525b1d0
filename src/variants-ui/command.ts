import { JobCommand } from '../jobs-ui/index.ts';
import { listenForSignals } from '../miner/index.ts';

/** What commands share that have something made by a step, and then prove it here. */
export abstract class ProvingCommand extends JobCommand {
  /** A first Ctrl-C stops the work that is done here, a second one ends the process. */
  protected async stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const stopListening = listenForSignals({
      onStop: () => {
        stopListening();
        stop.abort();
      },
    });
    try {
      return await work(stop.signal);
    } finally {
      stopListening();
    }
  }

  /** Shows stages one after the other, each with what `onStage` was told last. */
  protected stages(): {
    readonly onStage: (text: string) => void;
    readonly watched: <T>(title: string, work: () => Promise<T>) => Promise<T>;
  } {
    let show: (text: string) => void = () => undefined;
    return {
      onStage: (text) => show(text),
      watched: (title, work) =>
        this.progress(title, (status) => {
          show = status;
          return work();
        }),
    };
  }
}
