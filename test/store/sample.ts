import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RequestRecord, StoreWriterOptions } from '../../src/store/index.ts';

export const MINER = '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA';
export const VALIDATOR = '5DtDLm5rQHShDqojQpsvcN8tRXHVFaecfDoRet1SU6BFD9Fi';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sv72-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writerOptions(folder: string): StoreWriterOptions {
  return {
    path: join(folder, 'sv72.db'),
    imageFolder: null,
    imageCapBytes: 1_000_000,
    retentionDays: 90,
    retentionRows: 1_000_000,
    flushMs: 5,
  };
}

export function request(over: Partial<RequestRecord> = {}): RequestRecord {
  return {
    at: Date.now(),
    outcome: 'answered',
    miner: MINER,
    validator: VALIDATOR,
    protocol: 'axon',
    route: 'ImageSynapse',
    prediction: 0.75,
    source: 'model',
    reason: null,
    sha256: 'ab'.repeat(32),
    imageBytes: 14_000,
    width: 224,
    height: 224,
    totalMs: 12.5,
    queueMs: 0.1,
    decodeMs: 3.2,
    inferMs: 8.1,
    model: { name: 'demo', version: '1.0.0' },
    ...over,
  };
}
