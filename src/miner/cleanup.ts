/** Steps that undo what was opened, last opened first. Every step runs, whatever the others do. */
export interface Cleanup {
  add(step: () => void | Promise<void>): void;
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const steps: (() => void | Promise<void>)[] = [];
  return {
    add: (step) => void steps.push(step),
    async run() {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch {
          // What cannot be closed goes with the process; the rest must still be closed.
        }
      }
    },
  };
}
