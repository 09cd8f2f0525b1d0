/**
 * The schema's history: step n leads from version n to n + 1, and the last is the current one.
 * Steps that were released are never edited; a change is a new step.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE models (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    version TEXT NOT NULL,
    UNIQUE (name, version)
  ) STRICT;

  CREATE TABLE requests (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    miner       TEXT NOT NULL,
    validator   TEXT NOT NULL,
    protocol    TEXT NOT NULL,
    route       TEXT NOT NULL,
    prediction  REAL,
    source      TEXT,
    reason      TEXT,
    sha256      TEXT,
    image_bytes INTEGER,
    width       INTEGER,
    height      INTEGER,
    total_ms    REAL,
    queue_ms    REAL,
    decode_ms   REAL,
    infer_ms    REAL,
    model_id    INTEGER REFERENCES models (id)
  ) STRICT;
  CREATE INDEX requests_at ON requests (at);

  CREATE TABLE refusals (
    hour   INTEGER NOT NULL,
    miner  TEXT NOT NULL,
    reason TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (hour, miner, reason)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE images (
    sha256 TEXT PRIMARY KEY,
    at     INTEGER NOT NULL,
    bytes  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX images_at ON images (at);
  `,
  `
  CREATE TABLE uploads (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    hub             TEXT NOT NULL,
    repo            TEXT NOT NULL,
    revision        TEXT NOT NULL,
    model           TEXT NOT NULL,
    version         TEXT NOT NULL,
    hotkey          TEXT NOT NULL,
    submitted_at    INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    visibility      TEXT NOT NULL,
    rollback_of     TEXT,
    files           TEXT NOT NULL,
    UNIQUE (hub, repo, revision)
  ) STRICT;
  `,
  `
  CREATE TABLE deployments (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    at              INTEGER NOT NULL,
    miner           TEXT NOT NULL,
    action          TEXT NOT NULL,
    model           TEXT NOT NULL,
    version         TEXT NOT NULL,
    dir             TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    share           REAL,
    why             TEXT NOT NULL,
    figures         TEXT
  ) STRICT;
  `,
  `
  CREATE TABLE reminders (
    key     TEXT NOT NULL,
    channel TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (key, channel)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE cards (
    hub          TEXT NOT NULL,
    repo         TEXT NOT NULL,
    model        TEXT NOT NULL,
    version      TEXT NOT NULL,
    hotkey       TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    PRIMARY KEY (hub, repo)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE refresh_runs (
    at    INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  `,
];
