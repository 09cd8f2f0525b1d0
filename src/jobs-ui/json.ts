import type { Display } from './display.ts';

/** One JSON object a line, for programs. */
export function jsonDisplay(write: (line: string) => void): Display {
  let prepared: string | undefined;
  const print = (value: object): void => write(JSON.stringify(value));
  return {
    preparation(preparation) {
      if (preparation.step === 'check') return;
      if (preparation.step === 'started') {
        const { id, runtime, logFile } = preparation;
        print({ event: 'started', id, runtime, logFile });
        return;
      }
      const { step, what } = preparation;
      if (what !== prepared) print({ event: 'preparing', step, what });
      prepared = what;
    },
    record(record) {
      if (record.event !== 'result') print(record);
    },
    log: () => undefined,
    notice: (message) => print({ event: 'note', message }),
    end: async () => undefined,
  };
}
