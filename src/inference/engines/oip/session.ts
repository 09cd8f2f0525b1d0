import { performance } from 'node:perf_hooks';
import { Sv72Error } from '../../../errors/index.ts';
import { discard } from '../../discard.ts';
import { tensorWriter } from '../../preprocess/tensor.ts';
import { probabilityAt, valuesPerImage } from '../../probability.ts';
import { graphDifferences, inputShape } from '../onnx/graph.ts';
import type { EngineSpec } from '../onnx/messages.ts';
import type { EngineSession } from '../onnx/session.ts';
import { type ServerSpec, serverBase } from '../server/address.ts';
import { Breaker } from '../server/breaker.ts';
import { askServer, ServerFailure } from '../server/request.ts';
import { decodeInfer, describedGraph, describedServer, encodeInfer } from './protocol.ts';

/** A server that loads its model may take this long to be ready, ms. */
const READY_MS = 20_000;
const ASK_AGAIN_MS = 500;
/** For questions about the server itself, ms. */
const QUESTION_MS = 5_000;

/**
 * A model on a server of the Open Inference Protocol. The server must be ready, and have the input and the output that
 * the bundle's manifest names; a grey picture is sent to see that it answers, and how fast.
 *
 * @throws Sv72Error ERR_SERVER_URL, ERR_SERVER_CONSENT, ERR_SERVER_UNREACHABLE, ERR_SERVER_MODEL, ERR_GRAPH_MISMATCH
 */
export async function openOipSession(spec: EngineSpec, server: ServerSpec): Promise<EngineSession> {
  const base = serverBase(server);
  const model = `${base}/v2/models/${encodeURIComponent(server.model)}`;
  const get = (url: string, leftMs = QUESTION_MS) =>
    askServer({ url, method: 'GET', leftMs, token: server.token });
  await waitUntilReady(base, server, () => get(`${model}/ready`));
  const described = describedServer(await get(`${base}/v2`).catch(() => Buffer.from('{}')));
  await checkModel(spec, server.model, await get(model));

  const { input, output } = spec;
  const writer = tensorWriter(input);
  const breaker = new Breaker(() => performance.now());

  const infer = async (images: readonly Uint8Array[], leftMs: number): Promise<number[]> => {
    if (images.length === 0) return [];
    const closed = breaker.refuse();
    if (closed !== undefined) throw new Error(`${base}: ${closed}`);
    const count = input.batch.kind === 'fixed' ? input.batch.size : images.length;
    const data = writer.allocate(count);
    images.forEach((pixels, index) => {
      writer.write(data, index, pixels);
    });
    const tensor = { name: input.name, shape: inputShape(input, count), data };
    const request = encodeInfer(tensor, output.name, described.binary);
    discard(data);
    try {
      const body = await askServer({ url: `${model}/infer`, leftMs, token: server.token, ...request });
      const values = decodeInfer(body, output.name, count * valuesPerImage(output.kind));
      breaker.succeeded();
      return images.map((_, index) => probabilityAt(values, index, output));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      breaker.failed(why);
      throw new Error(`${base}: ${why}`);
    }
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
  };
}

async function waitUntilReady(
  base: string,
  { model, readyMs = READY_MS }: ServerSpec,
  ready: () => Promise<unknown>,
): Promise<void> {
  const end = performance.now() + readyMs;
  for (;;) {
    try {
      await ready();
      return;
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      const gone = error.message.startsWith('HTTP 404');
      if (performance.now() < end && error.passing) {
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
        continue;
      }
      throw new Sv72Error(
        gone ? 'ERR_SERVER_MODEL' : 'ERR_SERVER_UNREACHABLE',
        gone
          ? `The inference server ${base} has no model "${model}".`
          : `The inference server ${base} is not ready: ${error.message}.`,
        { details: { server: base, model } },
      );
    }
  }
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
