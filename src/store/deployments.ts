import { existsSync } from 'node:fs';
import { isBlank, openDatabase } from './database.ts';
import type { DeploymentRecord } from './records.ts';

/**
 * What was done to the models of the miners that write this store, the newest first.
 *
 * @param path the store's file
 * @throws ERR_STORE_NEWER, ERR_STORE_DAMAGED, ERR_STORE_OPEN.
 */
export function readDeployments(
  path: string,
  scope: { readonly miner?: string; readonly limit: number },
): DeploymentRecord[] {
  if (!existsSync(path)) return [];
  const db = openDatabase(path, { readOnly: true });
  try {
    const exists = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'deployments'");
    if (isBlank(db) || exists.get() === undefined) return [];
    return db
      .prepare(`
        SELECT * FROM deployments WHERE (:miner IS NULL OR instr(miner, :miner) > 0)
        ORDER BY at DESC, id DESC LIMIT :limit`)
      .all({ miner: scope.miner ?? null, limit: scope.limit })
      .map((row) => ({
        at: Number(row.at),
        miner: String(row.miner),
        action: String(row.action),
        model: { name: String(row.model), version: String(row.version) },
        dir: String(row.dir),
        manifestSha256: String(row.manifest_sha256),
        share: row.share === null ? null : Number(row.share),
        why: String(row.why),
        figures: row.figures === null ? null : String(row.figures),
      }));
  } finally {
    db.close();
  }
}
