import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createMetrics, type MetricsOptions, startMonitorServer } from '../../src/monitor/index.ts';

const MINER = '5Fpfx4iDtrrY99VGkQnLXASytC2y9Z3o8KUyTtD4w7o5SZcA';

function request(over = {}) {
  return {
    miner: MINER,
    validator: 'known-1',
    protocol: 'axon',
    outcome: 'model',
    imageBytes: 14_000,
    width: 224,
    height: 224,
    stages: { decode: 3, infer: 8, total: 12, queue: null },
    ...over,
  };
}

async function serve(over: Partial<MetricsOptions> = {}, ready = () => true) {
  const metrics = createMetrics({
    version: '0.1.0',
    isKnownValidator: (hotkey) => hotkey.startsWith('known-'),
    sources: {},
    ...over,
  });
  const server = await startMonitorServer({
    metrics,
    readiness: () => ({ ready: ready(), reasons: ready() ? [] : ['engine is starting'] }),
    host: '127.0.0.1',
    port: 0,
  });
  onTestFinished(async () => {
    await server.close();
    metrics.close();
  });
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { metrics, get };
}

test('a scrape shows what was counted', async () => {
  const running = { bundle: 'demo "quoted"', bundle_version: '1.0.0', demo: 'true' };
  let profile = 'speed';
  const models = () => [{ profile, ...running, device: 'cpu', precision: 'fp32' }];
  const { metrics, get } = await serve({ sources: { models } });
  metrics.answered(request());
  metrics.answered(request({ outcome: 'prior', width: 4_032, height: 3_024, imageBytes: 3_000_000 }));
  metrics.refused(MINER, 'bad_signature', 3);
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  for (const line of [
    `sv72_requests_total{miner="${MINER}",protocol="axon",outcome="model",validator="known-1"} 1`,
    `sv72_refusals_total{miner="${MINER}",reason="bad_signature"} 3`,
    `sv72_stage_seconds_count{miner="${MINER}",stage="decode"} 2`,
    `sv72_stage_seconds_bucket{le="0.005",miner="${MINER}",stage="decode"} 2`,
    'sv72_image_generation_total{generation="1-2"} 1',
    'sv72_image_generation_total{generation="3"} 1',
    'sv72_image_bytes_count 2',
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toContain('stage="queue"');
  expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
  expect(text).toMatch(/^process_open_fds [1-9]/m);
  expect(text).toContain(
    'sv72_info{version="0.1.0",profile="speed",bundle="demo \\"quoted\\"",bundle_version="1.0.0"',
  );
  profile = 'accuracy';
  const later = await (await get('/metrics')).text();
  expect(later).toContain('sv72_info{version="0.1.0",profile="accuracy"');
  expect(later).not.toContain('profile="speed"');
});

test('strangers share one label, and so do known callers beyond the limit', async () => {
  const { metrics, get } = await serve({ validatorLimit: 2 });
  for (const validator of ['known-1', 'known-2', 'known-3', 'stranger-1', 'stranger-2']) {
    metrics.answered(request({ validator }));
  }
  const text = await (await get('/metrics')).text();
  const series = text.split('\n').filter((line) => line.startsWith('sv72_requests_total{'));
  expect(series.map((line) => line.replace(/.*validator="([^"]*)".* (\d+)$/, '$1 $2')).sort()).toEqual([
    'known-1 1',
    'known-2 1',
    'other 3',
  ]);
});

test('figures of engine and store are read at each scrape', async () => {
  let queued = 1;
  const { get } = await serve({
    sources: {
      engine: () => ({
        queued,
        inFlight: 0,
        computed: 5,
        cache: { hits: 2, misses: 5, entries: 4 },
        shared: 3,
        priors: { deadline: 1, undecodable: 0 },
        restarts: 1,
        hangs: 0,
        ready: 1,
      }),
      store: () => ({ written: 7, waiting: 0, dropped: 0, problem: 'disk full' }),
      connections: () => 3,
    },
  });
  expect(await (await get('/metrics')).text()).toContain('sv72_engine_queue 1\n');
  queued = 9;
  const text = await (await get('/metrics')).text();
  for (const line of [
    'sv72_engine_queue 9',
    'sv72_engine_computed_total 5',
    'sv72_priors_total{reason="deadline"} 1',
    'sv72_cache_hits_total 2',
    'sv72_shared_total 3',
    'sv72_store_up 0',
    'sv72_store_written_total 7',
    'sv72_connections 3',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

test('health, readiness, and everything else', async () => {
  let ready = false;
  const { get } = await serve({}, () => ready);
  expect((await get('/healthz')).status).toBe(200);
  const waiting = await get('/readyz');
  expect(waiting.status).toBe(503);
  expect(await waiting.json()).toEqual({ ready: false, reasons: ['engine is starting'] });
  ready = true;
  expect((await get('/readyz?x=1')).status).toBe(200);
  expect((await get('/')).status).toBe(404);
  expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
});

test('a port in use is a clear error', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const metrics = { text: async () => '', contentType: 'text/plain' };
  const started = startMonitorServer({
    metrics,
    readiness: () => ({ ready: true, reasons: [] }),
    host: '127.0.0.1',
    port,
  });
  await expect(started).rejects.toMatchObject({
    code: 'ERR_METRICS_PORT',
    message: `The metrics address 127.0.0.1:${port} is in use.`,
  });
});
