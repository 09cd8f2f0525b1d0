import { createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import type { EngineEvent } from '../../../../src/inference/index.ts';
import { grey } from '../../../e2e/box.ts';
import { chatClassifier, chatServer, within } from './classifiers.ts';

/** A port that nobody listens on any more. */
async function leftPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

it('a server that is not there yet is asked when it is, and is what was known of it before', async () => {
  const port = await leftPort();
  const url = `http://127.0.0.1:${port}/v1`;
  const events: EngineEvent[] = [];
  const spec = { model: 'vlm', readyMs: 100 };
  const classifier = await chatClassifier({ url }, spec, { late: true, onEvent: (e) => events.push(e) });
  const image = await grey(204);
  expect(await classifier.predict(image, within(60_000))).toMatchObject({
    source: 'prior',
    reason: 'engine-unavailable',
  });
  const server = await chatServer({ port });
  await vi.waitFor(
    async () => expect(await classifier.predict(image, within(5_000))).toMatchObject({ source: 'model' }),
    { timeout: 20_000 },
  );
  await vi.waitFor(() => expect(events).toContainEqual({ kind: 'server-up', server: url }));
  expect(classifier.stats()).toMatchObject({ ready: 1, restarts: 0 });
  const known = await chatClassifier(server, { model: 'vlm' });
  expect(classifier.info.bundle).toEqual(known.info.bundle);
});

it('a server that turns out to answer in another way than was believed is not asked', async () => {
  const server = await chatServer();
  server.mode = 'text';
  const reasons: string[] = [];
  const classifier = await chatClassifier(
    server,
    { model: 'vlm', readyMs: 100 },
    { late: true, onEvent: (event) => event.kind === 'start-failed' && reasons.push(event.reason) },
  );
  await vi.waitFor(() => expect(reasons[0]).toContain('start the miner again'), { timeout: 20_000 });
  expect(await classifier.predict(await grey(20), within(5_000))).toMatchObject({ source: 'prior' });
});
