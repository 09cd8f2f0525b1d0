import type { EngineBatch, EngineReport, Shown } from '../../engine.ts';
import type { ServerHealth } from '../server/health.ts';

/** What an engine process does once it is ready. */
export interface EngineWork {
  readonly report: Omit<EngineReport, 'startMs'>;
  /**
   * One outcome for each image; never rejects.
   *
   * @param leftMs until nobody needs them any more
   */
  run(images: readonly Shown[], leftMs: number): Promise<EngineBatch>;
  /** Only where a server is asked. */
  health?(): ServerHealth;
  /** Keeps an eye on that server, and tells when something was heard of it. */
  watch?(tell: () => void): void;
}
