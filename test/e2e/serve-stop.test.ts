import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { expect, test } from 'vitest';
import { synapseRequest } from '../../src/dendrite/synapse-request.ts';
import { ask, type Box, box, grey, metric, type Serving, serve, until } from './box.ts';

/** Sends the head of a request and waits until the miner wants the body: it is verified and under way then. */
async function underWay(given: Box, serving: Serving): Promise<{ call: ClientRequest; body: Buffer }> {
  const [axon] = serving.listening.axons;
  if (axon === undefined) throw new Error('no axon');
  const wire = synapseRequest({
    target: axon,
    route: 'ImageSynapse',
    signer: given.asker,
    axonHotkey: axon.hotkey,
    image: await grey(255),
    timeoutMs: 9_000,
    nonce: BigInt(Date.now()) * 1_000_000n,
    uuid: 'stop',
    externalIp: '0.0.0.0',
    sdkVersion: '9.12.2',
    testnetLabel: -1,
  });
  const headers: Record<string, string | number> = { ...Object.fromEntries(wire.headers) };
  headers['content-type'] = wire.contentType;
  headers['content-length'] = wire.body.length;
  headers.expect = '100-continue';
  const call = request({ host: axon.host, port: axon.port, path: wire.path, method: 'POST', headers });
  call.flushHeaders();
  await once(call, 'continue');
  return { call, body: wire.body };
}

function engineOf(serving: Serving): number {
  const { pid } = serving.child;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return Number(children[0]);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a signal lets it finish what is under way, and nothing is left running', async () => {
  const given = await box();
  const serving = await serve(given);
  const engine = engineOf(serving);
  const { call, body } = await underWay(given, serving);
  serving.child.kill('SIGTERM');
  await until(
    () => ask(given, serving, new Uint8Array(1)),
    ({ status }) => status === 503,
  );

  call.end(body);
  const [response]: IncomingMessage[] = await once(call, 'response');
  expect(response?.statusCode).toBe(200);
  const text = Buffer.concat((await response?.toArray()) ?? []).toString();
  expect(JSON.parse(text).prediction).toBeGreaterThan(0.95);
  expect(await serving.next('stopped')).toMatchObject({ failed: 0, forced: false });
  expect((await serving.exit).exit).toBe(0);
  expect(isRunning(engine)).toBe(false);
});

test('a second signal ends it at once', async () => {
  const given = await box();
  const serving = await serve(given);
  const engine = engineOf(serving);
  const { call } = await underWay(given, serving);
  const cut = once(call, 'error');
  serving.child.kill('SIGTERM');
  await until(
    () => ask(given, serving, new Uint8Array(1)),
    ({ status }) => status === 503,
  );
  serving.child.kill('SIGINT');
  await cut;
  expect(await serving.next('stopped')).toMatchObject({ forced: true });
  await serving.exit;
  await until(
    async () => isRunning(engine),
    (running) => !running,
  );
});

test('an engine that is killed while it holds a request is replaced, and the request is answered', async () => {
  const given = await box();
  const serving = await serve(given);
  const engine = engineOf(serving);
  process.kill(engine, 'SIGSTOP');
  const answer = ask(given, serving, await grey(240));
  await until(
    () => metric(serving, 'sv72_engine_in_flight'),
    (inFlight) => inFlight === 1,
  );
  process.kill(engine, 'SIGKILL');
  expect((await answer).prediction).toBeCloseTo(240 / 255, 1);
  expect(await serving.next('note')).toMatchObject({ level: 'warning' });
  expect(await metric(serving, 'sv72_engine_restarts_total')).toBe(1);
  expect(isRunning(serving.child.pid ?? 0)).toBe(true);
});

test('a killed miner leaves neither its engine nor its lock behind', async () => {
  const given = await box();
  const first = await serve(given);
  const engine = engineOf(first);
  first.child.kill('SIGKILL');
  await first.exit;
  const second = await serve(given);
  expect((await ask(given, second, await grey(10))).isSuccess).toBe(true);
  await until(
    async () => isRunning(engine),
    (running) => !running,
  );
});
