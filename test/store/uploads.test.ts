import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { readUploads, recordUpload, type UploadRecord } from '../../src/store/index.ts';

function storePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sv72-uploads-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data', 'sv72.db');
}

const record: UploadRecord = {
  hub: 'https://hub.example',
  repo: 'alice/roadwork',
  revision: 'a'.repeat(40),
  model: 'roadwork',
  version: '1.2.0',
  hotkey: '5F',
  submittedAt: 1_795_000_000,
  at: 1_795_000_001_234,
  manifestSha256: 'b'.repeat(64),
  visibility: 'private',
  rollbackOf: null,
  files: [{ path: 'model.onnx', bytes: 3, sha256: 'c'.repeat(64) }],
};

it('gives back what was recorded, the newest first', () => {
  const path = storePath();
  const later = { ...record, revision: 'd'.repeat(40), at: record.at + 1, rollbackOf: record.revision };
  recordUpload(path, record);
  recordUpload(path, later);
  expect(readUploads(path)).toEqual([later, record]);
});

it('keeps a revision once, with who may see it now', () => {
  const path = storePath();
  recordUpload(path, record);
  recordUpload(path, { ...record, visibility: 'public' });
  expect(readUploads(path)).toEqual([{ ...record, visibility: 'public' }]);
});

it('tells repositories and hotkeys apart', () => {
  const path = storePath();
  recordUpload(path, record);
  recordUpload(path, { ...record, repo: 'bob/other', hotkey: '5G' });
  expect(readUploads(path, { repo: 'bob/other' }).map(({ hotkey }) => hotkey)).toEqual(['5G']);
  expect(readUploads(path, { hotkey: '5F' }).map(({ repo }) => repo)).toEqual(['alice/roadwork']);
});

it('knows nothing where there is no store, or one of an older sv72', () => {
  const path = storePath();
  expect(readUploads(path)).toEqual([]);
  recordUpload(path, record);
  const db = new DatabaseSync(path);
  db.exec('DROP TABLE uploads');
  db.close();
  expect(readUploads(path)).toEqual([]);
});
