import { parentPort, workerData } from 'node:worker_threads';
import type { Batch } from './records.ts';
import { openSession, type SessionOptions, type StoreSession } from './session.ts';

/** What the worker answers to each batch: it was written, or why not. */
export interface BatchReply {
  readonly id: number;
  readonly problem: string | null;
}

export type ToWorker =
  | { readonly kind: 'batch'; readonly id: number; readonly now: number; readonly batch: Batch }
  | { readonly kind: 'close' };

const PRUNE_EVERY_MS = 15 * 60_000;
/** After a failure the file is opened afresh, but not with every batch. */
const REOPEN_AFTER_MS = 5_000;

const port = parentPort;
const options: SessionOptions = workerData;
let session: StoreSession | undefined;
let retryAt = Number.NEGATIVE_INFINITY;
let prunedAt = Number.NEGATIVE_INFINITY;
let lastProblem = '';

function write(now: number, batch: Batch): string | null {
  if (session === undefined && now < retryAt) return lastProblem;
  try {
    session ??= openSession(options, now);
    session.write(batch);
    if (now - prunedAt >= PRUNE_EVERY_MS) {
      prunedAt = now;
      session.prune(now);
    }
    return null;
  } catch (error) {
    lastProblem = error instanceof Error ? error.message : String(error);
    retryAt = now + REOPEN_AFTER_MS;
    close();
    return lastProblem;
  }
}

function close(): void {
  try {
    session?.close();
  } catch {
    // A handle that cannot be closed is dropped with the thread; the write-ahead log keeps the file whole.
  }
  session = undefined;
}

port?.on('message', (message: ToWorker) => {
  if (message.kind === 'close') {
    close();
    port.close();
    return;
  }
  const reply: BatchReply = { id: message.id, problem: write(message.now, message.batch) };
  port.postMessage(reply);
});
