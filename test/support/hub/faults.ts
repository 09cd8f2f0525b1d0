/** The requests that the Hub and its storage know, by what they are for. */
export type Step =
  | 'whoami'
  | 'info'
  | 'create'
  | 'delete'
  | 'settings'
  | 'tree'
  | 'commits'
  | 'preupload'
  | 'batch'
  | 'put'
  | 'complete'
  | 'verify'
  | 'commit'
  | 'resolve'
  | 'cached'
  | 'download';

/** How a request goes wrong. */
export type Fault =
  /** An answer instead of the real one. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly json?: object }
  /** The connection breaks before anything was done. */
  | { readonly reset: 'before' }
  /** The work is done and the answer is lost. */
  | { readonly reset: 'after' }
  /** The connection breaks after this many bytes of the request's body, or of the answer's for `download`. */
  | { readonly reset: number }
  /** Something happens first; then all goes on as usual. */
  | { readonly first: () => void | Promise<void> }
  /** Something happens when the work is done, before the answer. */
  | { readonly last: () => void | Promise<void> }
  /** The address in the answer, or of this request, has run out. */
  | { readonly expired: true }
  /** A download stands still after this many bytes. */
  | { readonly stall: number }
  /** A range that is asked for is not heeded. */
  | { readonly whole: true }
  /** The content is stored, or sent, with a byte changed. */
  | { readonly corrupt: true };

interface Planned {
  readonly step: Step | 'any';
  readonly fault: Fault;
  skip: number;
  times: number;
}

/** What is to go wrong, in the order it was asked for. */
export class Faults {
  readonly #planned: Planned[] = [];

  /** @param options.skip requests of that step that go well before @param options.times how often it then happens */
  plan(step: Step | 'any', fault: Fault, options: { skip?: number; times?: number } = {}): void {
    this.#planned.push({ step, fault, skip: options.skip ?? 0, times: options.times ?? 1 });
  }

  clear(): void {
    this.#planned.length = 0;
  }

  take(step: Step): Fault | undefined {
    for (const planned of this.#planned) {
      if ((planned.step !== 'any' && planned.step !== step) || planned.times === 0) continue;
      if (planned.skip > 0) {
        planned.skip -= 1;
        continue;
      }
      planned.times -= 1;
      return planned.fault;
    }
    return undefined;
  }
}
