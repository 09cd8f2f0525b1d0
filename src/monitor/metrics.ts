import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { boundedLabel } from './labels.ts';
import { registerProcessMetrics } from './process.ts';
import { type MetricsSources, registerSources } from './sources.ts';

/** One authenticated request that came to an end. Times in milliseconds; a stage that did not happen is left out. */
export interface AnsweredRequest {
  readonly miner: string;
  readonly validator: string;
  readonly protocol: string;
  /** `model`, `cache`, `shared`, `prior` or `failed`. */
  readonly outcome: string;
  readonly imageBytes: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly stages: Readonly<Partial<Record<Stage, number | null>>>;
}

/** Steps whose time is measured; `total` is from the arrival of the head to the answer. */
export type Stage = 'verify' | 'body' | 'queue' | 'decode' | 'infer' | 'total';

export interface MetricsOptions {
  readonly version: string;
  /** Whether a caller may have a label of its own: permitted validators. */
  readonly isKnownValidator: (hotkey: string) => boolean;
  /** Most validators with a label of their own; default 64. */
  readonly validatorLimit?: number;
  readonly sources: MetricsSources;
  readonly now?: () => number;
}

/** The miner's figures. Each call is cheap enough for the answering path. */
export interface Metrics {
  answered(request: AnsweredRequest): void;
  refused(miner: string, reason: string, count?: number): void;
  /** The Prometheus text format, and its content type. */
  text(): Promise<string>;
  readonly contentType: string;
  close(): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 9];
const BYTES = [4e3, 8e3, 16e3, 32e3, 64e3, 256e3, 1e6, 2e6, 4e6, 8e6, 16e6];

/**
 * Which generation of validators sends images of this size: the first two send 224×224, the third the original
 * (subnet facts, section 2). An augmentation that failed makes the first two send originals too.
 */
export function generationOf(width: number | null, height: number | null): '1-2' | '3' | 'unknown' {
  if (width === null || height === null) return 'unknown';
  return width === 224 && height === 224 ? '1-2' : '3';
}

/** Builds the metrics in a registry of their own, so that several miners can live in one process. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const now = options.now ?? Date.now;
  const validatorLabel = boundedLabel(options.isKnownValidator, options.validatorLimit ?? 64);

  const requests = new Counter({
    name: 'sv72_requests_total',
    help: 'Authenticated requests by what answered them (model, cache, shared, prior) or failed.',
    labelNames: ['miner', 'validator', 'protocol', 'outcome'],
    registers,
  });
  const refusals = new Counter({
    name: 'sv72_refusals_total',
    help: 'Requests that were turned away, by reason.',
    labelNames: ['miner', 'reason'],
    registers,
  });
  const stages = new Histogram({
    name: 'sv72_stage_seconds',
    help: 'Time of each stage of an answer.',
    labelNames: ['miner', 'stage'],
    buckets: SECONDS,
    registers,
  });
  const bytes = new Histogram({
    name: 'sv72_image_bytes',
    help: 'Size of the images asked about.',
    buckets: BYTES,
    registers,
  });
  const generations = new Counter({
    name: 'sv72_image_generation_total',
    help: 'Images by the generation of validator that sends such sizes.',
    labelNames: ['generation'],
    registers,
  });
  const last = new Gauge({
    name: 'sv72_last_request_timestamp_seconds',
    help: 'Unix time of the last authenticated request.',
    labelNames: ['miner'],
    registers,
  });
  new Gauge({
    name: 'sv72_info',
    help: 'What is running; always 1.',
    labelNames: ['version', 'profile', 'bundle', 'bundle_version', 'demo', 'device', 'precision'],
    registers,
    collect() {
      this.reset();
      for (const labels of options.sources.models?.() ?? []) {
        this.set({ version: options.version, ...labels }, 1);
      }
    },
  });
  registerSources(registry, options.sources);
  const stopProcessMetrics = registerProcessMetrics(registry);

  return {
    answered(request) {
      const { miner, protocol, outcome } = request;
      requests.inc({ miner, protocol, outcome, validator: validatorLabel(request.validator) });
      last.set({ miner }, now() / 1_000);
      for (const [stage, ms] of Object.entries(request.stages)) {
        if (ms !== null) stages.observe({ miner, stage }, ms / 1_000);
      }
      if (request.imageBytes === null) return;
      bytes.observe(request.imageBytes);
      generations.inc({ generation: generationOf(request.width, request.height) });
    },
    refused: (miner, reason, count = 1) => refusals.inc({ miner, reason }, count),
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close() {
      stopProcessMetrics();
      registry.clear();
    },
  };
}
