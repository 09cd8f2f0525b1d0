import { load } from '../load/index.ts';
import { percentile } from '../measure/percentile.ts';
import { treeUsage, type Usage } from '../measure/process-tree.ts';
import type { Peer } from '../peers/peer.ts';
import type { Signer } from '../requests/signer.ts';
import { signedStreams } from '../requests/streams.ts';

export interface FirstAnswer {
  /** From starting the process to the first 200, median of the runs. */
  readonly firstAnswerMs: number | null;
  readonly runs: readonly number[];
  readonly idle: Usage;
}

/** Time to the first answer after start. */
export async function measureFirstAnswer(
  peer: Peer,
  signer: Signer,
  options: { readonly runs: number; readonly body: Uint8Array },
): Promise<FirstAnswer> {
  const runs: number[] = [];
  let idle: Usage | undefined;
  for (let i = 0; i < options.runs; i += 1) {
    const running = await peer.start();
    try {
      const { target } = running;
      const bodyBytes = options.body.length;
      const streams = await signedStreams(signer, target, { connections: 1, each: 1, spanMs: 1, bodyBytes });
      const { host, port } = target;
      const before = performance.now();
      const result = await load({
        host,
        port,
        streams,
        bodies: [options.body],
        keepAlive: false,
        durationMs: 1_000,
        timeoutMs: 30_000,
      });
      if (result.statuses['200'] !== 1)
        throw new Error(`${peer.label}: first request ${JSON.stringify(result.statuses)}`);
      // The start of the load process is not the server's time.
      runs.push(Math.round(before - running.startedAt + (result.latencies[0] ?? 0)));
      idle ??= treeUsage(running.pid);
    } finally {
      await running.stop();
    }
  }
  if (idle === undefined) throw new Error('no run');
  return { firstAnswerMs: percentile(runs, 50), runs, idle };
}
