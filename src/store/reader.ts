import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isBlank, openDatabase } from './database.ts';
import type { Outcome, RequestRecord } from './records.ts';

export interface StoredRequest extends RequestRecord {
  readonly id: number;
}

export interface Summary {
  readonly requests: number;
  readonly answered: number;
  /** Answers that were the configured prior, not a prediction from pixels. */
  readonly priors: number;
  readonly distinctImages: number;
  readonly meanMs: number | null;
  readonly maxMs: number | null;
  /** Unix milliseconds of the newest request, or null. */
  readonly lastAt: number | null;
}

export interface ValidatorCount {
  readonly validator: string;
  readonly requests: number;
  readonly lastAt: number;
}

export interface RefusalCount {
  readonly miner: string;
  readonly reason: string;
  readonly count: number;
}

/** Which requests a question is about. `since` is Unix milliseconds, `miner` a hotkey's address. */
export interface Scope {
  readonly since?: number;
  readonly miner?: string;
}

/** The store as later commands read it, also while a miner is writing. Calls block for the time of a query. */
export interface StoreReader {
  summary(scope?: Scope): Summary;
  validators(scope?: Scope): ValidatorCount[];
  refusals(scope?: Scope): RefusalCount[];
  /** Newest first. */
  recent(limit: number, scope?: Scope): StoredRequest[];
  /** The images the model was least sure of: one row per image, nearest to 0.5 first, priors left out. */
  leastCertain(limit: number, scope?: Scope): StoredRequest[];
  close(): void;
}

/**
 * Opens the store for reading, or answers null where there is none yet.
 *
 * @throws ERR_STORE_NEWER, ERR_STORE_DAMAGED, ERR_STORE_OPEN.
 */
export function openStoreReader(path: string): StoreReader | null {
  if (!existsSync(path)) return null;
  const db = openDatabase(path, { readOnly: true });
  if (!isBlank(db)) return readerOf(db);
  db.close();
  return null;
}

const WHERE = 'at >= :since AND (:miner IS NULL OR miner = :miner)';

function readerOf(db: DatabaseSync): StoreReader {
  const bind = (scope: Scope | undefined) => ({ since: scope?.since ?? 0, miner: scope?.miner ?? null });

  return {
    summary(scope) {
      const row = db
        .prepare(`
          SELECT count(*) AS requests, count(*) FILTER (WHERE outcome = 'answered') AS answered,
            count(*) FILTER (WHERE source = 'prior') AS priors, count(DISTINCT sha256) AS distinctImages,
            avg(total_ms) AS meanMs, max(total_ms) AS maxMs, max(at) AS lastAt
          FROM requests WHERE ${WHERE}`)
        .get(bind(scope));
      return {
        requests: Number(row?.requests ?? 0),
        answered: Number(row?.answered ?? 0),
        priors: Number(row?.priors ?? 0),
        distinctImages: Number(row?.distinctImages ?? 0),
        meanMs: numberOrNull(row?.meanMs),
        maxMs: numberOrNull(row?.maxMs),
        lastAt: numberOrNull(row?.lastAt),
      };
    },

    validators: (scope) =>
      db
        .prepare(`
          SELECT validator, count(*) AS requests, max(at) AS lastAt FROM requests
          WHERE ${WHERE} GROUP BY validator ORDER BY requests DESC, validator`)
        .all(bind(scope))
        .map((row) => ({
          validator: String(row.validator),
          requests: Number(row.requests),
          lastAt: Number(row.lastAt),
        })),

    refusals: (scope) =>
      db
        .prepare(`
          SELECT miner, reason, sum(count) AS count FROM refusals
          WHERE hour + 3600000 > :since AND (:miner IS NULL OR miner = :miner)
          GROUP BY miner, reason ORDER BY count DESC, miner, reason`)
        .all(bind(scope))
        .map((row) => ({ miner: String(row.miner), reason: String(row.reason), count: Number(row.count) })),

    recent: (limit, scope) =>
      db
        .prepare(`${SELECT} WHERE ${WHERE} ORDER BY at DESC, requests.id DESC LIMIT :limit`)
        .all({ ...bind(scope), limit })
        .map(toRequest),

    leastCertain: (limit, scope) =>
      db
        .prepare(`
          ${SELECT} WHERE requests.id IN (
            SELECT max(id) FROM requests
            WHERE ${WHERE} AND prediction IS NOT NULL AND source <> 'prior' AND sha256 IS NOT NULL
            GROUP BY sha256)
          ORDER BY abs(prediction - 0.5), requests.id DESC LIMIT :limit`)
        .all({ ...bind(scope), limit })
        .map(toRequest),

    close: () => db.close(),
  };
}

const SELECT = `
  SELECT requests.*, models.name AS model_name, models.version AS model_version
  FROM requests LEFT JOIN models ON models.id = requests.model_id`;

type Row = ReturnType<ReturnType<DatabaseSync['prepare']>['all']>[number];

function toRequest(row: Row): StoredRequest {
  return {
    id: Number(row.id),
    at: Number(row.at),
    outcome: oneOf<Outcome>(row.outcome, ['answered', 'failed']),
    miner: String(row.miner),
    validator: String(row.validator),
    protocol: oneOf(row.protocol, ['axon', 'btauth']),
    route: String(row.route),
    prediction: numberOrNull(row.prediction),
    source: textOrNull(row.source),
    reason: textOrNull(row.reason),
    sha256: textOrNull(row.sha256),
    imageBytes: numberOrNull(row.image_bytes),
    width: numberOrNull(row.width),
    height: numberOrNull(row.height),
    totalMs: numberOrNull(row.total_ms),
    queueMs: numberOrNull(row.queue_ms),
    decodeMs: numberOrNull(row.decode_ms),
    inferMs: numberOrNull(row.infer_ms),
    model:
      row.model_name === null ? null : { name: String(row.model_name), version: String(row.model_version) },
  };
}

function oneOf<T extends string>(value: unknown, allowed: readonly [T, ...T[]]): T {
  return allowed.find((entry) => entry === value) ?? allowed[0];
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
