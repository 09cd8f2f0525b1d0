export {
  type AnsweredRequest,
  createMetrics,
  generationOf,
  type Metrics,
  type MetricsOptions,
  type Stage,
} from './metrics.ts';
export {
  type MonitorServer,
  type MonitorServerOptions,
  type Readiness,
  startMonitorServer,
} from './server.ts';
export type { EngineFigures, MetricsSources, PresenceFigures, StoreFigures } from './sources.ts';
