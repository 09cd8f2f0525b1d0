import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { UploadRecord } from '../../src/store/index.ts';

export const HOTKEY = '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi';
export const DAY = 86_400;
/** 2026-06-01T00:00:00Z. */
export const SUBMITTED = 1_780_272_000;

/** A folder that goes with the test. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'sv72-refresh-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The record of a model that was published. */
export function published(change: Partial<UploadRecord> = {}): UploadRecord {
  return {
    hub: 'https://huggingface.co',
    repo: 'alice/roadwork',
    revision: '0'.repeat(40),
    model: 'roadwork',
    version: '1.2.0',
    hotkey: HOTKEY,
    submittedAt: SUBMITTED,
    at: SUBMITTED * 1000,
    manifestSha256: 'a'.repeat(64),
    visibility: 'public',
    rollbackOf: null,
    files: [],
    ...change,
  };
}
