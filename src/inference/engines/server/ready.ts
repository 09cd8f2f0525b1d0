import { performance } from 'node:perf_hooks';
import { Sv72Error } from '../../../errors/index.ts';
import { ServerFailure } from './request.ts';

/** A server that loads its model may take this long to be ready, ms. */
export const READY_MS = 20_000;
const ASK_AGAIN_MS = 500;

/**
 * Asks until the server answers; undefined: it has no such thing (404).
 *
 * @throws Sv72Error ERR_SERVER_UNREACHABLE
 */
export async function waitUntilReady(
  base: string,
  readyMs: number | undefined,
  ready: () => Promise<Buffer>,
): Promise<Buffer | undefined> {
  const end = performance.now() + (readyMs ?? READY_MS);
  for (;;) {
    try {
      return await ready();
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      if (error.status === 404) return undefined;
      // One that is busy with loading may accept a connection and say nothing for long.
      const loading = error.passing || error.status === undefined;
      if (performance.now() < end && loading) {
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        continue;
      }
      throw new Sv72Error(
        'ERR_SERVER_UNREACHABLE',
        `The inference server ${base} is not ready: ${error.message}.`,
        { details: { server: base } },
      );
    }
  }
}
