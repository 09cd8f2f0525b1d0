import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Classifier, createChatClassifier, type EngineEvent } from '../../../../src/inference/index.ts';
import { type ChatMode, ChatServer } from '../../../support/openai/server.ts';
import { plain } from '../../models.ts';
import { chatClassifier, chatServer, within } from './classifiers.ts';

const jpeg = (level: number, size = 64) => plain(level, { width: size, height: size, format: 'jpeg' });

test('the probability of Yes, from the log-probabilities of all its spellings', async () => {
  const server = await chatServer({ owner: 'vllm' });
  const classifier = await chatClassifier(server);
  expect(classifier.info).toMatchObject({
    bundle: { name: 'vlm', version: '-', demo: false },
    engine: `vllm at ${server.url}`,
    device: 'server',
    precision: 'unknown',
    maxBatch: 8,
  });
  for (const level of [51, 128, 204]) {
    const answer = await classifier.predict(await jpeg(level));
    expect(answer).toMatchObject({ source: 'model', width: 64, format: 'jpeg' });
    expect(answer.probability).toBeCloseTo(level / 255, 2);
  }
  // What is listed as minus infinity is nothing, and no answer is certain.
  expect((await classifier.predict(await jpeg(0))).probability).toBeCloseTo(1e-4, 10);
  expect((await classifier.predict(await jpeg(255))).probability).toBeCloseTo(1 - 1e-4, 10);
  expect(server.complaints).toEqual([]);
});

describe('a server that', () => {
  let server: ChatServer;
  let classifier: Classifier;
  beforeAll(async () => {
    server = await ChatServer.start();
    classifier = await createChatClassifier({
      server: { url: server.url, model: 'vlm', remote: false },
      cache: { entries: 0 },
      prior: 0.25,
    });
  });
  afterAll(async () => {
    await classifier.close();
    await server.close();
  });

  test.each<[ChatMode, RegExp]>([
    ['hang', /no answer within \d+ ms/],
    ['drip', /no answer within \d+ ms/],
    ['garbage', /the answer is no JSON/],
    ['truncated', /connection failed|no answer/],
    ['reset', /connection failed|no answer/],
    ['busy', /HTTP 429: Rate limit reached/],
    ['error', /HTTP 500: EngineCore encountered an issue$/],
    ['error-in-200', /the server says: upstream failed/],
    ['no-choices', /no choices/],
    ['no-word', /answered "Maybe" instead of Yes or No/],
    ['thinks', /thinks instead of answering/],
    ['endless', /too long|no answer/],
  ])('goes wrong (%s): the prior in time, with the reason, and then it works again', async (mode, words) => {
    server.mode = mode;
    const answer = await classifier.predict(await jpeg(255), within(500));
    expect(answer).toMatchObject({ source: 'prior', probability: 0.25 });
    if (answer.reason === 'engine-failed') expect(answer.detail).toMatch(words);
    else expect(answer.reason).toBe('deadline');
    server.mode = 'well';
    await expect
      .poll(async () => (await classifier.predict(await jpeg(254), within(2_000))).source, {
        timeout: 10_000,
      })
      .toBe('model');
    expect(classifier.stats().restarts).toBe(0);
  });
});

test('a server that is lost and back is told once each', async () => {
  const server = await chatServer();
  const events: EngineEvent[] = [];
  const classifier = await chatClassifier(server, {}, { onEvent: (event) => events.push(event) });
  server.mode = 'error';
  for (let level = 0; level < 3; level += 1) await classifier.predict(await jpeg(level), within(500));
  server.mode = 'well';
  await classifier.predict(await jpeg(3), within(2_000));
  await classifier.predict(await jpeg(4), within(2_000));
  await expect.poll(() => events.length).toBe(2);
  expect(events).toEqual([
    { kind: 'server-down', server: server.url, reason: 'HTTP 500: EngineCore encountered an issue' },
    { kind: 'server-up', server: server.url },
  ]);
});

test('pictures are asked about side by side, in one process', async () => {
  const server = await chatServer();
  const classifier = await chatClassifier(server, { concurrency: 3 });
  let open = (): void => {};
  server.gate = new Promise((resolve) => {
    open = resolve;
  });
  const answers = [10, 60, 110, 160, 210].map(async (level) =>
    classifier.predict(await jpeg(level), within(5_000)),
  );
  await expect.poll(() => server.most).toBe(3);
  expect(classifier.stats()).toMatchObject({ inFlight: 3, queued: 2, ready: 1 });
  expect(classifier.stats().pids).toHaveLength(1);
  open();
  for (const [i, answer] of (await Promise.all(answers)).entries()) {
    expect(answer.probability).toBeCloseTo((10 + 50 * i) / 255, 2);
  }
  expect(server.most).toBe(3);
});
