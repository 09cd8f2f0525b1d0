import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './database.ts';
import { type ImageShelf, openImageShelf } from './images.ts';
import type { Batch, DeploymentRecord, ModelRef, RequestRecord } from './records.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PRUNE_STEP = 2_000;

export interface SessionOptions {
  readonly path: string;
  /** Folder of the kept images, or null to keep none. */
  readonly imageFolder: string | null;
  readonly imageCapBytes: number;
  /** Requests older than this many days go. */
  readonly retentionDays: number;
  /** Most requests kept, the oldest going first. */
  readonly retentionRows: number;
}

/** An open store as its single writer inside a process sees it: batches in, old rows out. */
export interface StoreSession {
  write(batch: Batch): void;
  prune(now: number): void;
  close(): void;
}

/** Opens the store for writing. Everything here blocks, so it belongs on a worker thread. */
export function openSession(options: SessionOptions, now: number): StoreSession {
  const db = openDatabase(options.path);
  const writeRows = rowWriter(db);
  const shelf =
    options.imageFolder === null ? undefined : openImageShelf(db, options.imageFolder, options.imageCapBytes);
  shelf?.reconcile(now);

  return {
    write(batch) {
      writeRows(batch);
      keepImages(shelf, batch);
    },
    prune(at) {
      pruneRows(db, options, at);
      shelf?.evict();
    },
    close() {
      db.close();
    },
  };
}

function keepImages(shelf: ImageShelf | undefined, batch: Batch): void {
  if (shelf === undefined || batch.images.length === 0) return;
  for (const image of batch.images) shelf.keep(image);
  shelf.evict();
}

function rowWriter(db: DatabaseSync): (batch: Batch) => void {
  const insert = db.prepare(`
    INSERT INTO requests (at, outcome, miner, validator, protocol, route, prediction, source, reason, sha256,
      image_bytes, width, height, total_ms, queue_ms, decode_ms, infer_ms, model_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const refuse = db.prepare(`
    INSERT INTO refusals (hour, miner, reason, count) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET count = count + excluded.count`);
  const addModel = db.prepare('INSERT OR IGNORE INTO models (name, version) VALUES (?, ?)');
  const findModel = db.prepare('SELECT id FROM models WHERE name = ? AND version = ?');

  const modelId = (model: ModelRef | null): number | null => {
    if (model === null) return null;
    addModel.run(model.name, model.version);
    return Number(findModel.get(model.name, model.version)?.id);
  };

  const insertRequest = (r: RequestRecord) =>
    insert.run(
      Math.round(r.at),
      r.outcome,
      r.miner,
      r.validator,
      r.protocol,
      r.route,
      r.prediction,
      r.source,
      r.reason,
      r.sha256,
      r.imageBytes,
      r.width,
      r.height,
      r.totalMs,
      r.queueMs,
      r.decodeMs,
      r.inferMs,
      modelId(r.model),
    );

  const deploy = db.prepare(`
    INSERT INTO deployments (at, miner, action, model, version, dir, manifest_sha256, share, why, figures)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertDeployment = (d: DeploymentRecord) =>
    deploy.run(
      Math.round(d.at),
      d.miner,
      d.action,
      d.model.name,
      d.model.version,
      d.dir,
      d.manifestSha256,
      d.share,
      d.why,
      d.figures,
    );

  return (batch) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      for (const request of batch.requests) insertRequest(request);
      for (const deployment of batch.deployments) insertDeployment(deployment);
      for (const r of batch.refusals) {
        refuse.run(Math.floor(r.at / HOUR_MS) * HOUR_MS, r.miner, r.reason, r.count);
      }
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };
}

/** Deletes in small steps, so that another process never waits long for the write lock. */
function pruneRows(db: DatabaseSync, options: SessionOptions, now: number): void {
  const cutoff = now - options.retentionDays * DAY_MS;
  const byAge = db.prepare(
    'DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE at < ? ORDER BY at LIMIT ?)',
  );
  while (Number(byAge.run(cutoff, PRUNE_STEP).changes) === PRUNE_STEP);

  const count = Number(db.prepare('SELECT count(*) AS n FROM requests').get()?.n ?? 0);
  const oldest = db.prepare('DELETE FROM requests WHERE id IN (SELECT id FROM requests ORDER BY id LIMIT ?)');
  for (let extra = count - options.retentionRows; extra > 0; extra -= PRUNE_STEP) {
    oldest.run(Math.min(extra, PRUNE_STEP));
  }

  db.prepare('DELETE FROM refusals WHERE hour < ?').run(cutoff);
  db.exec('PRAGMA incremental_vacuum(1000)');
}
