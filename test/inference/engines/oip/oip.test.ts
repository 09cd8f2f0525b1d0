import { performance } from 'node:perf_hooks';
import { expect, onTestFinished, test } from 'vitest';
import type { ClassifierOptions, ServerSpec } from '../../../../src/inference/index.ts';
import { type OipMode, type OipOptions, OipServer } from '../../../support/oip/server.ts';
import { bundleOf, classifierOf, plain } from '../../models.ts';

async function serverWith(options: OipOptions = {}): Promise<OipServer> {
  const server = await OipServer.start(options);
  onTestFinished(() => server.close());
  return server;
}

async function classifierAt(
  server: Pick<OipServer, 'url'>,
  spec: Partial<ServerSpec> = {},
  options: Partial<ClassifierOptions> = {},
) {
  return classifierOf(await bundleOf('mean-uint8'), {
    server: { url: server.url, model: 'mean-uint8', remote: false, readyMs: 10_000, ...spec },
    cache: { entries: 0 },
    ...options,
  });
}

const within = (ms: number) => ({ deadline: performance.now() + ms });

test.each([true, false])('the same probabilities as here (binary: %s)', async (binary) => {
  const server = await serverWith({ binary });
  const classifier = await classifierAt(server);
  expect(classifier.info).toMatchObject({
    device: 'server',
    engine: `double 1.0 at ${server.url}`,
    maxBatch: 16,
  });
  const levels = [0, 51, 204, 255, 10, 20, 30, 40];
  const images = await Promise.all(levels.map((level) => plain(level)));
  const answers = await Promise.all(images.map((image) => classifier.predict(image)));
  answers.forEach((answer, i) => {
    expect(answer).toMatchObject({ source: 'model', width: 8, format: 'png' });
    expect(answer.probability).toBeCloseTo((levels[i] as number) / 255, 5);
  });
  // What came while the first was under way went together.
  expect(server.batches.slice(-2)).toEqual([1, 7]);
  expect(server.complaints).toEqual([]);
});

test('a base URL with a path, a token, and a model that is still loading', async () => {
  const server = await serverWith({ token: 'very-secret', loading: 2 });
  const classifier = await classifierAt(server, { token: 'very-secret' });
  expect((await classifier.predict(await plain(51))).probability).toBeCloseTo(0.2, 5);
  const wrong = classifierAt({ url: `${server.url}/prefix/` }, { token: 'very-secret' });
  await expect(wrong).rejects.toMatchObject({
    code: 'ERR_SERVER_MODEL',
    message: `The inference server ${server.url}/prefix has no model "mean-uint8".`,
  });
  const refused = classifierAt(server, { token: 'other-secret' });
  await expect(refused).rejects.toMatchObject({ code: 'ERR_SERVER_UNREACHABLE' });
  await expect(refused).rejects.not.toThrow(/secret/);
});

test.each<[string, object, RegExp]>([
  [
    'another input',
    { inputs: [{ name: 'x', datatype: 'UINT8', shape: [-1, 8, 8, 3] }] },
    /has no input "image", but "x"/,
  ],
  [
    'another type',
    {
      inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 8, 8, 3] }],
      outputs: [{ name: 'roadwork', datatype: 'FP32', shape: [-1, 1] }],
    },
    /is float32, the manifest says uint8/,
  ],
  [
    'another size',
    {
      inputs: [{ name: 'image', datatype: 'UINT8', shape: [-1, 16, 16, 3] }],
      outputs: [{ name: 'roadwork', datatype: 'FP32', shape: [-1, 1] }],
    },
    /\[any, 16, 16, 3\]/,
  ],
])('%s at the server is refused at the start, with the difference', async (_, metadata, words) => {
  const server = await serverWith({ metadata });
  const starting = classifierAt(server);
  await expect(starting).rejects.toMatchObject({ code: 'ERR_GRAPH_MISMATCH' });
  await expect(starting).rejects.toThrow(words);
});

test('a server that says nothing of the model is believed if a trial works', async () => {
  const server = await serverWith({ metadata: { name: 'mean-uint8' } });
  expect((await (await classifierAt(server)).predict(await plain(255))).probability).toBe(1);
});

test.each([
  ['nobody there', 'http://127.0.0.1:9', 'ERR_SERVER_UNREACHABLE'],
  ['no URL', 'localhost:8000', 'ERR_SERVER_URL'],
  ['a password in the URL', 'http://me:secret@127.0.0.1:8000', 'ERR_SERVER_URL'],
  ['another machine, unasked', 'http://192.0.2.1:8000', 'ERR_SERVER_CONSENT'],
  ['another machine by name', 'https://gpu.example.org', 'ERR_SERVER_CONSENT'],
])('%s', async (_, url, code) => {
  const starting = classifierAt({ url }, { readyMs: 500 });
  await expect(starting).rejects.toMatchObject({ code });
  await expect(starting).rejects.not.toThrow(/secret/);
});

test.each<[OipMode, RegExp]>([
  ['hang', /no answer within \d+ ms/],
  ['drip', /no answer within \d+ ms/],
  ['garbage', /the answer is no JSON/],
  ['wrong-shape', /3 values instead of 1/],
  ['text-values', /holds no numbers/],
  ['no-output', /no output "roadwork"/],
  ['not-a-probability', /gave no probability/],
  ['error', /HTTP 500: CUDA out of memory$/],
  ['busy', /HTTP 429: too many/],
  ['reset', /connection failed|no answer/],
])(
  'the server goes wrong (%s): the prior in time, with the reason, and then it works again',
  async (mode, words) => {
    const server = await serverWith();
    const classifier = await classifierAt(server, {}, { prior: 0.25 });
    server.mode = mode;
    const answer = await classifier.predict(await plain(255), within(700));
    expect(answer).toMatchObject({ source: 'prior', probability: 0.25 });
    if (answer.reason === 'engine-failed') expect(answer.detail).toMatch(words);
    else expect(answer.reason).toBe('deadline');
    server.mode = 'well';
    await expect
      .poll(async () => (await classifier.predict(await plain(254), within(2_000))).source, {
        timeout: 10_000,
      })
      .toBe('model');
    expect(classifier.stats().restarts).toBe(0);
  },
);

test('a full queue is asked again when the server says so', async () => {
  const server = await serverWith();
  const classifier = await classifierAt(server);
  server.mode = 'busy-once';
  const answer = await classifier.predict(await plain(51), within(3_000));
  expect(answer).toMatchObject({ source: 'model' });
  expect(server.batches.slice(-2)).toEqual([1, 1]);
});

test('a server that keeps failing is left alone, and found again when it is back', async () => {
  const server = await serverWith();
  const { port } = server;
  const classifier = await classifierAt(server);
  await server.close();
  const details: (string | undefined)[] = [];
  for (let i = 0; i < 6; i += 1) {
    details.push((await classifier.predict(await plain(i), within(400))).detail);
  }
  expect(details.at(-1)).toMatch(/not asked, it keeps failing/);
  const again = await serverWith({ port });
  await expect
    .poll(async () => (await classifier.predict(await plain(200), within(2_000))).source, {
      timeout: 15_000,
      interval: 200,
    })
    .toBe('model');
  expect(again.complaints).toEqual([]);
});
