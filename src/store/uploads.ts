import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isBlank, openDatabase } from './database.ts';

/** One thing that was published: a release, or an earlier one that was put back. */
export interface UploadRecord {
  /** Base URL of the Hub. */
  readonly hub: string;
  /** `owner/name`. */
  readonly repo: string;
  /** Commit that `main` was at afterwards. */
  readonly revision: string;
  readonly model: string;
  /** X.Y.Z. */
  readonly version: string;
  /** SS58 address of the signer. */
  readonly hotkey: string;
  /** `submission_time` of the card, Unix seconds: what the model's age counts from. */
  readonly submittedAt: number;
  /** When it was published, Unix milliseconds. */
  readonly at: number;
  readonly manifestSha256: string;
  readonly visibility: 'public' | 'private';
  /** The revision that was put back; null for a new release. */
  readonly rollbackOf: string | null;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

/**
 * Adds a record to the store, making the store if need be. The same revision of the same repository is kept once.
 *
 * @param path the store's file
 * @throws ERR_STORE_NEWER, ERR_STORE_DAMAGED, ERR_STORE_OPEN.
 */
export function recordUpload(path: string, record: UploadRecord): void {
  const db = openDatabase(path);
  try {
    db.prepare(`
      INSERT INTO uploads (hub, repo, revision, model, version, hotkey, submitted_at, at, manifest_sha256, visibility,
        rollback_of, files)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET visibility = excluded.visibility`).run(
      record.hub,
      record.repo,
      record.revision,
      record.model,
      record.version,
      record.hotkey,
      record.submittedAt,
      Math.round(record.at),
      record.manifestSha256,
      record.visibility,
      record.rollbackOf,
      JSON.stringify(record.files),
    );
  } finally {
    db.close();
  }
}

/**
 * What was published from here, the newest first.
 *
 * @throws ERR_STORE_NEWER, ERR_STORE_DAMAGED, ERR_STORE_OPEN.
 */
export function readUploads(
  path: string,
  scope: { readonly repo?: string; readonly hotkey?: string } = {},
): UploadRecord[] {
  if (!existsSync(path)) return [];
  const db = openDatabase(path, { readOnly: true });
  try {
    if (isBlank(db) || !hasTable(db)) return [];
    return db
      .prepare(`
        SELECT * FROM uploads WHERE (:repo IS NULL OR repo = :repo) AND (:hotkey IS NULL OR hotkey = :hotkey)
        ORDER BY at DESC, id DESC`)
      .all({ repo: scope.repo ?? null, hotkey: scope.hotkey ?? null })
      .map(toRecord);
  } finally {
    db.close();
  }
}

/** A store that nothing was written to since an older sv72 has no such table. */
function hasTable(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 AS yes FROM sqlite_schema WHERE name = 'uploads'").get() !== undefined;
}

function toRecord(row: Readonly<Record<string, unknown>>): UploadRecord {
  return {
    hub: String(row.hub),
    repo: String(row.repo),
    revision: String(row.revision),
    model: String(row.model),
    version: String(row.version),
    hotkey: String(row.hotkey),
    submittedAt: Number(row.submitted_at),
    at: Number(row.at),
    manifestSha256: String(row.manifest_sha256),
    visibility: row.visibility === 'private' ? 'private' : 'public',
    rollbackOf: row.rollback_of === null ? null : String(row.rollback_of),
    files: JSON.parse(String(row.files)),
  };
}
