import { existsSync } from 'node:fs';
import { isBlank, openDatabase } from './database.ts';

/** A picture that models were asked about, with what they made of it. Only answers of models count, not the prior. */
export interface DoubtfulImage {
  /** Lower-case hex SHA-256 of the bytes as received. */
  readonly sha256: string;
  readonly answers: number;
  /** Probabilities of roadwork. */
  readonly lowest: number;
  readonly highest: number;
  readonly mean: number;
  /** `name@version` of the models that answered. */
  readonly models: readonly string[];
  /** Hotkeys that were asked, and that asked. */
  readonly miners: number;
  readonly validators: number;
  /** Unix milliseconds of the newest answer. */
  readonly lastAt: number;
}

/**
 * Kept pictures on which answers fell on both sides of 0.5 (other hotkeys, other models, repeats), the widest apart
 * first; then those whose answers were nearest to 0.5.
 *
 * @param path the store's file
 * @throws ERR_STORE_NEWER, ERR_STORE_DAMAGED, ERR_STORE_OPEN.
 */
export function readDoubtful(
  path: string,
  scope: { readonly limit: number; readonly since?: number; readonly disagreeing?: boolean },
): DoubtfulImage[] {
  if (!existsSync(path)) return [];
  const db = openDatabase(path, { readOnly: true });
  try {
    if (isBlank(db)) return [];
    return db
      .prepare(`
        SELECT requests.sha256, count(*) AS answers, min(prediction) AS lowest, max(prediction) AS highest,
          avg(prediction) AS mean, group_concat(DISTINCT models.name || '@' || models.version) AS models,
          count(DISTINCT miner) AS miners, count(DISTINCT validator) AS validators, max(requests.at) AS lastAt
        FROM requests
          JOIN images ON images.sha256 = requests.sha256
          LEFT JOIN models ON models.id = requests.model_id
        WHERE requests.at >= :since AND prediction IS NOT NULL AND source <> 'prior'
        GROUP BY requests.sha256
        HAVING :disagreeing = 0 OR (lowest <= 0.5 AND highest > 0.5)
        ORDER BY CASE WHEN lowest <= 0.5 AND highest > 0.5 THEN lowest - highest ELSE 0 END,
          abs(mean - 0.5), requests.sha256
        LIMIT :limit`)
      .all({ since: scope.since ?? 0, limit: scope.limit, disagreeing: scope.disagreeing ? 1 : 0 })
      .map((row) => ({
        sha256: String(row.sha256),
        answers: Number(row.answers),
        lowest: Number(row.lowest),
        highest: Number(row.highest),
        mean: Number(row.mean),
        models: row.models === null ? [] : String(row.models).split(','),
        miners: Number(row.miners),
        validators: Number(row.validators),
        lastAt: Number(row.lastAt),
      }));
  } finally {
    db.close();
  }
}
