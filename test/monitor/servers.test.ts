import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerServers } from '../../src/monitor/servers.ts';

const HEALTHY = {
  server: 'http://127.0.0.1:8000/v1',
  model: 'vlm',
  up: true,
  breaker: 'closed',
  asked: 7,
  failed: 2,
  retried: 1,
  answeredMs: 2_500,
  lastMs: 400,
  tokens: { input: 900, output: 5 },
  spending: { today: 0.25, perDay: 2 },
} as const;

test('each server has its own line; what is not known has none', async () => {
  const registry = new Registry();
  const servers = [
    HEALTHY,
    {
      ...HEALTHY,
      server: 'http://127.0.0.1:9000',
      up: false,
      breaker: 'open' as const,
      tokens: null,
      spending: null,
    },
  ];
  registerServers(registry, () => servers);
  const text = await registry.metrics();
  const a = '{server="http://127.0.0.1:8000/v1",model="vlm"}';
  const b = '{server="http://127.0.0.1:9000",model="vlm"}';
  for (const line of [
    `sv72_server_up${a} 1`,
    `sv72_server_up${b} 0`,
    `sv72_server_breaker${a} 0`,
    `sv72_server_breaker${b} 2`,
    `sv72_server_requests_total${a} 7`,
    `sv72_server_failures_total${a} 2`,
    `sv72_server_retries_total${a} 1`,
    `sv72_server_seconds_total${a} 2.5`,
    `sv72_server_latency_seconds${a} 0.4`,
    `sv72_server_input_tokens_total${a} 900`,
    `sv72_server_spent_today${a} 0.25`,
    `sv72_server_budget_per_day${a} 2`,
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).not.toContain(`sv72_server_spent_today${b}`);
  // Read anew at each scrape.
  servers.pop();
  expect(await registry.metrics()).not.toContain(':9000');
});
