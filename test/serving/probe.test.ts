import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseState } from '../../src/serving/containers.ts';
import { modelNames, mustBeFree, type ProbeTarget, probe } from '../../src/serving/probe.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** @param pages status, or status and text, by path; anything else is not found */
async function target(
  kind: ProbeTarget['kind'],
  pages: Record<string, number | [number, string]>,
): Promise<ProbeTarget> {
  const port = await listen(({ url = '' }, response) => {
    const page = pages[url] ?? 404;
    const [status, text] = typeof page === 'number' ? [page, ''] : page;
    response.writeHead(status).end(text);
  });
  return {
    kind,
    url: `http://127.0.0.1:${port}${kind === 'openai' ? '/v1' : ''}`,
    model: 'm',
    token: undefined,
  };
}

const ready = '/v2/health/ready';
const model = '/v2/models/m/ready';

describe('what answers at the address of a server', () => {
  it.each([
    ['ready', { [ready]: 200, [model]: 200 }, 'ready'],
    ['loading', { [ready]: 503 }, 'loading'],
    ['loading the model', { [ready]: 200, [model]: 503 }, 'loading'],
    ['without the model', { [ready]: 200, [model]: 400 }, 'other'],
    ['no such protocol', {}, 'other'],
  ])('Open Inference Protocol, %s', async (_, pages, is) => {
    expect(await probe(await target('oip', pages))).toMatchObject({ is });
  });

  it.each([
    ['ready', { '/v1/models': [200, '{"data":[{"id":"x"},{"id":"m"}]}'] }, 'ready'],
    ['another model', { '/v1/models': [200, '{"data":[{"id":"x"}]}'] }, 'other'],
    ['loading', { '/v1/models': 503 }, 'loading'],
    ['a token is wanted', { '/v1/models': 401 }, 'other'],
    ['nonsense', { '/v1/models': [200, '<html>'] }, 'other'],
    ['no such protocol', {}, 'other'],
  ] satisfies [string, Record<string, number | [number, string]>, string][])(
    'chat, %s',
    async (_, pages, is) => {
      expect(await probe(await target('openai', pages))).toMatchObject({ is });
    },
  );

  it('nobody, and one who hangs up', async () => {
    const at = (port: number) =>
      ({ kind: 'oip', url: `http://127.0.0.1:${port}`, model: null, token: undefined }) as const;
    const hangsUp = await listen(({ socket }) => socket.destroy());
    expect(await probe(at(hangsUp))).toMatchObject({ is: 'loading' });
    await expect(mustBeFree('127.0.0.1', hangsUp, 'speed')).rejects.toMatchObject({
      code: 'ERR_SERVING_PORT',
      message: expect.stringContaining('taken by another program'),
    });
    for (const close of closing.splice(0)) close();
    expect(await probe(at(hangsUp))).toEqual({ is: 'absent' });
    await mustBeFree('127.0.0.1', hangsUp, 'speed');
  });
});

it('reads no list of models and no state out of anything else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const names = modelNames(text);
      expect(names === undefined || names.every((name) => typeof name === 'string')).toBe(true);
      const state = parseState('x', text);
      expect(state === undefined || typeof state.state === 'string').toBe(true);
    }),
  );
});

it('reads what docker and podman say of a container', () => {
  const said = {
    State: { Status: 'exited', ExitCode: 137, OOMKilled: true, StartedAt: '0001-01-01T00:00:00Z' },
    RestartCount: 2,
    Config: { Image: 'a:1', Labels: { 'sv72.engine.settings': 'abc', 'sv72.engine.gpu': '1' } },
  };
  const state = {
    running: false,
    exitCode: 137,
    outOfMemory: true,
    restarts: 2,
    hash: 'abc',
    gpu: 1,
    startedAt: null,
  };
  expect(parseState('x', JSON.stringify(said))).toMatchObject(state);
  // podman 4 lists the one.
  expect(parseState('x', JSON.stringify([said]))).toMatchObject(state);
});
