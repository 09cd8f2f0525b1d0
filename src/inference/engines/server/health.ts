/** Whether a server is asked: `open` not at present, `half-open` one request tries. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Money spent on a server, in the currency of its budget. */
export interface Spending {
  readonly today: number;
  /** null: no limit. */
  readonly perDay: number | null;
}

/** What is known of an inference server: for metrics and logs. Counts are since the start. */
export interface ServerHealth {
  /** Base URL. */
  readonly server: string;
  readonly model: string;
  /** Whether the last thing heard of it was good. */
  readonly up: boolean;
  readonly breaker: BreakerState;
  /** Requests for an answer, those refused here because it keeps failing left out. */
  readonly asked: number;
  readonly failed: number;
  /** Further tries of a request, after a passing failure. */
  readonly retried: number;
  /** Time of those that were answered, ms: of all together, and of the last. */
  readonly answeredMs: number;
  readonly lastMs: number;
  readonly lastFailure: string | null;
  /** Tokens as the server counts them; only of chat models. */
  readonly tokens: { readonly input: number; readonly output: number } | null;
  readonly spending: Spending | null;
}

/** Two processes' knowledge of one server as one. */
export function mergeHealth(a: ServerHealth, b: ServerHealth): ServerHealth {
  const worst = (['open', 'half-open', 'closed'] as const).find((s) => s === a.breaker || s === b.breaker);
  return {
    server: a.server,
    model: a.model,
    up: a.up && b.up,
    breaker: worst ?? 'closed',
    asked: a.asked + b.asked,
    failed: a.failed + b.failed,
    retried: a.retried + b.retried,
    answeredMs: a.answeredMs + b.answeredMs,
    lastMs: Math.max(a.lastMs, b.lastMs),
    lastFailure: b.lastFailure ?? a.lastFailure,
    tokens:
      a.tokens && b.tokens
        ? { input: a.tokens.input + b.tokens.input, output: a.tokens.output + b.tokens.output }
        : (a.tokens ?? b.tokens),
    // Both read one ledger; the later look saw more.
    spending: a.spending && b.spending && a.spending.today > b.spending.today ? a.spending : b.spending,
  };
}
