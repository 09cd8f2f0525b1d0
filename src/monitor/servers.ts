import type { Registry } from 'prom-client';
import { linesOf } from './lines.ts';

/** An inference server that is asked. */
export interface ServerFigures {
  readonly server: string;
  readonly model: string;
  readonly up: boolean;
  readonly breaker: 'closed' | 'open' | 'half-open';
  readonly asked: number;
  readonly failed: number;
  readonly retried: number;
  readonly answeredMs: number;
  readonly lastMs: number;
  readonly tokens: { readonly input: number; readonly output: number } | null;
  readonly spending: { readonly today: number; readonly perDay: number | null } | null;
}

/** Registers the health of each inference server, by its address and the name of the model there. */
export function registerServers(registry: Registry, servers: () => readonly ServerFigures[]): void {
  const { gauge, counter } = linesOf(registry, ['server', 'model'], servers, ({ server, model }) => ({
    server,
    model,
  }));
  gauge('sv72_server_up', '1 while the last thing heard of the inference server was good.', ({ up }) =>
    up ? 1 : 0,
  );
  gauge('sv72_server_breaker', '0 asked as usual, 1 one request tries, 2 left alone.', ({ breaker }) =>
    ['closed', 'half-open', 'open'].indexOf(breaker),
  );
  gauge('sv72_server_latency_seconds', 'Time of the last answer.', ({ lastMs }) => lastMs / 1_000);
  counter('sv72_server_requests_total', 'Requests for an answer.', ({ asked }) => asked);
  counter('sv72_server_failures_total', 'Requests that came to nothing.', ({ failed }) => failed);
  counter('sv72_server_retries_total', 'Further tries of a request.', ({ retried }) => retried);
  counter(
    'sv72_server_seconds_total',
    'Time of the requests that were answered.',
    ({ answeredMs }) => answeredMs / 1_000,
  );
  counter(
    'sv72_server_input_tokens_total',
    'Tokens sent, as the server counts.',
    ({ tokens }) => tokens?.input,
  );
  counter(
    'sv72_server_output_tokens_total',
    'Tokens answered, as the server counts.',
    ({ tokens }) => tokens?.output,
  );
  gauge('sv72_server_spent_today', 'Money spent on it since 0:00 UTC.', ({ spending }) => spending?.today);
  gauge('sv72_server_budget_per_day', 'Money that may be spent on it in a day.', ({ spending }) =>
    spending?.perDay === null ? undefined : spending?.perDay,
  );
}
