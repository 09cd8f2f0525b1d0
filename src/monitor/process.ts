import { readdir } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

/**
 * Figures of this process under the names that dashboards know from prom-client's default metrics.
 * Those themselves cannot be stopped again, so they are not used.
 *
 * @returns stops the measurement of the event loop.
 */
export function registerProcessMetrics(registry: Registry): () => void {
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();

  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time of this process in seconds, without engine processes.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  gauge(
    'process_start_time_seconds',
    'Unix time at which the process started.',
    () => Date.now() / 1_000 - process.uptime(),
  );
  gauge('process_resident_memory_bytes', 'Resident memory, without engine processes.', () =>
    process.memoryUsage.rss(),
  );
  gauge('nodejs_heap_size_used_bytes', 'Used heap.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_external_memory_bytes', 'Memory of buffers.', () => process.memoryUsage().external);
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'The 99th percentile of the event loop delay since the last scrape.',
    () => {
      const seconds = delay.percentile(99) / 1e9;
      delay.reset();
      return seconds;
    },
  );
  new Gauge({
    name: 'process_open_fds',
    help: 'Open file descriptors (Linux).',
    registers,
    async collect() {
      const open = await readdir('/proc/self/fd').catch(() => []);
      this.set(open.length);
    },
  });

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  return () => delay.disable();
}
