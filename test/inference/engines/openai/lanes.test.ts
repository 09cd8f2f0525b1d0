import { expect, test } from 'vitest';
import type { EngineEvent } from '../../../../src/inference/index.ts';
import { plain } from '../../models.ts';
import { chatClassifier, chatServer, within } from './classifiers.ts';

const jpeg = (level: number) => plain(level, { width: 64, height: 64, format: 'jpeg' });

test('the process is killed while several pictures are asked about: each is answered by the next one', async () => {
  const server = await chatServer();
  const events: EngineEvent[] = [];
  const classifier = await chatClassifier(
    server,
    { concurrency: 4 },
    { onEvent: (event) => events.push(event) },
  );
  server.gate = new Promise(() => {});
  const levels = [10, 60, 110, 160];
  const answers = levels.map(async (level) => classifier.predict(await jpeg(level), within(25_000)));
  await expect.poll(() => classifier.stats().inFlight).toBe(4);
  server.gate = undefined;
  for (const pid of classifier.stats().pids) process.kill(pid, 'SIGKILL');
  for (const [i, answer] of (await Promise.all(answers)).entries()) {
    expect(answer).toMatchObject({ source: 'model' });
    expect(answer.probability).toBeCloseTo((levels[i] as number) / 255, 2);
  }
  expect(events.map(({ kind }) => kind)).toEqual(['lost', 'started']);
  expect(classifier.stats()).toMatchObject({ restarts: 1, hangs: 0, inFlight: 0 });
});

test('the same picture at the same time is asked about once, and again later from memory', async () => {
  const server = await chatServer();
  const classifier = await chatClassifier(server, {}, { cache: { entries: 8 } });
  const before = server.heard.length;
  const images = await Promise.all([90, 90, 90].map(jpeg));
  const answers = await Promise.all(images.map((image) => classifier.predict(image)));
  expect(answers.map(({ source }) => source).sort()).toEqual(['model', 'shared', 'shared']);
  expect((await classifier.predict(await jpeg(90))).source).toBe('cache');
  expect(server.heard.length - before).toBe(1);
});

test('what is no picture is never sent', async () => {
  const server = await chatServer();
  const classifier = await chatClassifier(server);
  const before = server.heard.length;
  const answer = await classifier.predict(Buffer.from('<html>'));
  expect(answer).toMatchObject({ source: 'prior', reason: 'undecodable' });
  expect(server.heard).toHaveLength(before);
});
