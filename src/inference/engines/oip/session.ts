import { performance } from 'node:perf_hooks';
import { Sv72Error } from '../../../errors/index.ts';
import { discard } from '../../discard.ts';
import { tensorWriter } from '../../preprocess/tensor.ts';
import { probabilityAt, valuesPerImage } from '../../probability.ts';
import { graphDifferences, inputShape } from '../onnx/graph.ts';
import type { EngineSpec } from '../onnx/messages.ts';
import type { EngineSession } from '../onnx/session.ts';
import { type ServerSpec, serverBase } from '../server/address.ts';
import { ServerClient } from '../server/client.ts';
import { READY_MS, waitUntilReady } from '../server/ready.ts';
import { decodeInfer, describedGraph, describedServer, encodeInfer } from './protocol.ts';

/**
 * A model on a server of the Open Inference Protocol. The server must be ready, and have the input and the output that
 * the bundle's manifest names; a grey picture is sent to see that it answers, and how fast.
 *
 * @throws Sv72Error ERR_SERVER_URL, ERR_SERVER_CONSENT, ERR_SERVER_UNREACHABLE, ERR_SERVER_MODEL, ERR_GRAPH_MISMATCH
 */
export async function openOipSession(spec: EngineSpec, server: ServerSpec): Promise<EngineSession> {
  const base = serverBase(server);
  const client = new ServerClient({ base, model: server.model, token: server.token });
  const model = `/v2/models/${encodeURIComponent(server.model)}`;
  const ready = await waitUntilReady(base, server.readyMs, () => client.get(`${model}/ready`));
  if (ready === undefined) {
    throw new Sv72Error('ERR_SERVER_MODEL', `The inference server ${base} has no model "${server.model}".`, {
      details: { server: base, model: server.model },
    });
  }
  const described = describedServer(await client.get('/v2').catch(() => Buffer.from('{}')));
  await checkModel(spec, server.model, await client.get(model));

  const { input, output } = spec;
  const writer = tensorWriter(input);

  const infer = async (images: readonly Uint8Array[], leftMs: number): Promise<number[]> => {
    if (images.length === 0) return [];
    const count = input.batch.kind === 'fixed' ? input.batch.size : images.length;
    const data = writer.allocate(count);
    images.forEach((pixels, index) => {
      writer.write(data, index, pixels);
    });
    const tensor = { name: input.name, shape: inputShape(input, count), data };
    const request = encodeInfer(tensor, output.name, described.binary);
    discard(data);
    const values = await client.ask({ path: `${model}/infer`, leftMs, ...request }, (body) =>
      decodeInfer(body, output.name, count * valuesPerImage(output.kind)),
    );
    return images.map((_, index) => probabilityAt(values, index, output));
  };

  const like = spec.like ?? (await measure(spec, infer));
  return {
    report: {
      engine: `${described.name} at ${base}`,
      device: 'server',
      attempts: [],
      threads: 0,
      maxBatch: like.maxBatch,
      inferMs: like.inferMs,
      batchMs: like.batchMs,
    },
    infer,
    health: () => client.health(),
    watch: (tell) => client.watch(`${model}/ready`, tell),
  };
}

async function checkModel(spec: EngineSpec, model: string, body: Buffer): Promise<void> {
  const graph = describedGraph(body);
  const differences = graph === undefined ? [] : graphDifferences(graph, spec.input, spec.output);
  if (differences.length === 0) return;
  throw new Sv72Error(
    'ERR_GRAPH_MISMATCH',
    `The server's model "${model}" is not what sv72.json says: ${differences.join('; ')}.`,
    { details: { differences } },
  );
}

const MOST_AT_ONCE = 16;

/** The better of two rounds each: one picture, and as many as go together. */
async function measure(
  { input }: EngineSpec,
  infer: (images: readonly Uint8Array[], leftMs: number) => Promise<number[]>,
): Promise<{ maxBatch: number; inferMs: number; batchMs: number }> {
  const grey = new Uint8Array(input.size[0] * input.size[1] * 3).fill(128);
  const time = async (count: number): Promise<number> => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 2; round += 1) {
      const started = performance.now();
      const [first] = await infer(
        Array.from({ length: count }, () => grey),
        READY_MS,
      );
      if (first === undefined || Number.isNaN(first)) {
        throw new Sv72Error('ERR_GRAPH_MISMATCH', 'The server gives no probability for a grey picture.');
      }
      best = Math.min(best, performance.now() - started);
    }
    return best;
  };
  try {
    const most = input.batch.kind === 'fixed' ? input.batch.size : Math.min(input.batch.max, MOST_AT_ONCE);
    const inferMs = await time(1);
    const batchMs = most === 1 || input.batch.kind === 'fixed' ? inferMs : await time(most);
    return { maxBatch: most, inferMs, batchMs };
  } catch (error) {
    if (error instanceof Sv72Error) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Sv72Error('ERR_SERVER_MODEL', `The inference server does not answer a trial: ${why}.`);
  }
}
