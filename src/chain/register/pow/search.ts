import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Sv72Error } from '../../../errors/index.ts';
import { compileKernel } from './kernel/kernel.ts';
import { sealWork } from './seal.ts';
import type { Report, Task, ThreadData } from './worker.ts';

/** A nonce that meets the difficulty it was searched for. */
export interface Found {
  readonly prefix: Uint8Array;
  readonly nonce: bigint;
  readonly work: Uint8Array;
}

/** Threads that search together. */
export interface Search {
  readonly threads: number;
  /** Searches from now on for this; what was searched for before is given up. */
  seek(prefix: Uint8Array, difficulty: bigint): void;
  /** Stops searching; the threads wait. */
  rest(): void;
  /** Tries since the search was opened. */
  tried(): bigint;
  close(): Promise<void>;
}

const WORKER_FILE = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';

/**
 * Starts the threads, one for each core unless told otherwise.
 * @param options.onFound called once for every `seek` that succeeds, unless another one came before
 * @param options.onFailure called when a thread ends by itself; the search is over then
 */
export function openSearch(options: {
  readonly threads?: number | undefined;
  readonly onFound: (found: Found) => void;
  readonly onFailure: (error: Error) => void;
}): Search {
  const threads = options.threads ?? availableParallelism();
  const workerData: ThreadData = { module: compileKernel() };
  let task: Task = { id: 0, prefix: undefined, difficulty: 1n };
  let tried = 0n;
  let closed = false;

  const hear = ({ id, tried: count, nonce }: Report) => {
    tried += BigInt(count);
    const { prefix } = task;
    if (nonce === undefined || prefix === undefined || id !== task.id) return;
    set(undefined, 1n);
    options.onFound({ prefix, nonce, work: sealWork(prefix, nonce) });
  };
  const fail = (cause: unknown) => {
    if (closed) return;
    options.onFailure(
      new Sv72Error('ERR_BUG', 'A thread of the search for a proof of work ended unexpectedly.', { cause }),
    );
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL(WORKER_FILE, import.meta.url), { workerData });
    worker.on('message', hear);
    worker.on('error', fail);
    worker.on('exit', fail);
    return worker;
  });

  function set(prefix: Uint8Array | undefined, difficulty: bigint): void {
    task = { id: task.id + 1, prefix, difficulty };
    for (const worker of workers) worker.postMessage(task);
  }

  return {
    threads,
    seek: set,
    rest: () => set(undefined, 1n),
    tried: () => tried,
    async close() {
      closed = true;
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
