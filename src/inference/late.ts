import type { EngineReport } from './engine.ts';

/** What is believed of a server until it could be tried; times in ms. */
export const LATE: Omit<EngineReport, 'engine'> = {
  device: 'server',
  attempts: [],
  threads: 0,
  maxBatch: 1,
  inferMs: 1_000,
  batchMs: 1_000,
  startMs: 0,
};
