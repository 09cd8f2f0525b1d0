import { Worker } from 'node:worker_threads';
import type { Batch, DeploymentRecord, ImageRecord, RefusalRecord, RequestRecord } from './records.ts';
import type { SessionOptions } from './session.ts';
import type { BatchReply, ToWorker } from './worker.ts';

export interface StoreWriterOptions extends SessionOptions {
  /** Most records waiting to be written; more are dropped and counted. */
  readonly queueLimit?: number;
  /** Most bytes of images waiting to be written; more are dropped and counted. */
  readonly queueImageBytes?: number;
  /** Milliseconds between two writes. */
  readonly flushMs?: number;
  /** Told when a write fails, and with null when writing works again. */
  readonly onProblem?: (problem: string | null) => void;
  readonly now?: () => number;
}

export interface StoreStats {
  readonly written: number;
  readonly waiting: number;
  readonly dropped: number;
  readonly droppedImages: number;
  /** Why the last write failed, or null while all is well. */
  readonly problem: string | null;
}

/** The store as the answering path sees it: calls return at once, and nothing here ever throws. */
export interface StoreWriter {
  record(request: RequestRecord): void;
  refused(refusal: RefusalRecord): void;
  keepImage(image: ImageRecord): void;
  deployed(deployment: DeploymentRecord): void;
  stats(): StoreStats;
  /** Writes what waits, at most for the time given, and ends the worker. */
  close(withinMs?: number): Promise<void>;
}

const WORKER_FILE = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
const BATCH_LIMIT = 500;

/**
 * Starts the thread that owns the database. Records are queued here and sent in batches, one batch under way at a
 * time, so that a slow disk costs bounded memory and the answering path nothing.
 */
export function openStoreWriter(options: StoreWriterOptions): StoreWriter {
  const now = options.now ?? Date.now;
  const queueLimit = options.queueLimit ?? 10_000;
  const imageLimit = options.queueImageBytes ?? 32 * 1024 * 1024;
  const worker = startWorker(options);

  let requests: RequestRecord[] = [];
  let images: ImageRecord[] = [];
  let deployments: DeploymentRecord[] = [];
  const refusals = new Map<string, RefusalRecord>();
  let imageBytes = 0;
  let underWay: { id: number; size: number } | undefined;
  let nextId = 1;
  let written = 0;
  let dropped = 0;
  let droppedImages = 0;
  let problem: string | null = null;
  let alive = true;
  let onIdle: (() => void) | undefined;

  const report = (next: string | null) => {
    if (next === problem) return;
    problem = next;
    options.onProblem?.(next);
  };

  const takeBatch = (): Batch => {
    const batch = {
      requests: requests.slice(0, BATCH_LIMIT),
      refusals: [...refusals.values()],
      images: images.slice(0, BATCH_LIMIT),
      deployments,
    };
    deployments = [];
    requests = requests.slice(BATCH_LIMIT);
    images = images.slice(BATCH_LIMIT);
    refusals.clear();
    for (const image of batch.images) imageBytes -= image.bytes.length;
    return batch;
  };

  const isEmpty = () => requests.length + images.length + refusals.size + deployments.length === 0;

  const flush = () => {
    if (!alive || underWay !== undefined || isEmpty()) return;
    const batch = takeBatch();
    underWay = { id: nextId++, size: batch.requests.length };
    const message: ToWorker = { kind: 'batch', id: underWay.id, now: now(), batch };
    worker.postMessage(message);
  };

  worker.on('message', (reply: BatchReply) => {
    if (reply.problem === null) written += underWay?.size ?? 0;
    else dropped += underWay?.size ?? 0;
    underWay = undefined;
    report(reply.problem);
    if (requests.length >= BATCH_LIMIT || onIdle !== undefined) flush();
    if (underWay === undefined) onIdle?.();
  });
  const died = (why: string) => {
    if (!alive) return;
    alive = false;
    dropped += requests.length + (underWay?.size ?? 0);
    underWay = undefined;
    requests = [];
    images = [];
    deployments = [];
    refusals.clear();
    report(why);
    onIdle?.();
  };
  worker.on('error', (error) => died(`The store's thread failed: ${String(error)}`));
  worker.on('exit', () => died("The store's thread ended."));

  const timer = setInterval(flush, options.flushMs ?? 250);
  timer.unref();

  return {
    record(request) {
      if (!alive || requests.length >= queueLimit) dropped += 1;
      else requests.push(request);
    },
    refused(refusal) {
      if (!alive) return;
      const key = `${refusal.miner} ${refusal.reason}`;
      const waiting = refusals.get(key);
      if (waiting !== undefined) refusals.set(key, { ...waiting, count: waiting.count + refusal.count });
      else if (refusals.size < queueLimit) refusals.set(key, refusal);
    },
    keepImage(image) {
      if (options.imageFolder === null) return;
      if (!alive || imageBytes + image.bytes.length > imageLimit) {
        droppedImages += 1;
        return;
      }
      imageBytes += image.bytes.length;
      images.push(image);
    },
    deployed(deployment) {
      if (!alive || deployments.length >= queueLimit) return;
      deployments.push(deployment);
      // Rare, and somebody was just told that it was done.
      flush();
    },
    stats: () => ({
      written,
      waiting: requests.length + (underWay?.size ?? 0),
      dropped,
      droppedImages,
      problem,
    }),
    async close(withinMs = 2_000) {
      clearInterval(timer);
      if (!alive) return;
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
        flush();
        if (underWay === undefined) resolve();
      });
      await within(idle, withinMs);
      alive = false;
      const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      const farewell: ToWorker = { kind: 'close' };
      worker.postMessage(farewell);
      await within(exited, withinMs);
      await worker.terminate();
    },
  };
}

function startWorker(options: StoreWriterOptions): Worker {
  const { path, imageFolder, imageCapBytes, retentionDays, retentionRows } = options;
  const workerData: SessionOptions = { path, imageFolder, imageCapBytes, retentionDays, retentionRows };
  const worker = new Worker(new URL(WORKER_FILE, import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
  });
  worker.unref();
  return worker;
}

async function within(promise: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
