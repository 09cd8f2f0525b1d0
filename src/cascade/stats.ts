import type { ClassifierStats } from '../inference/index.ts';

/** Figures of several classifiers as those of one; `priors` and `stages` are not theirs to tell. */
export function sumOfStats(all: readonly ClassifierStats[]): Omit<ClassifierStats, 'priors' | 'stages'> {
  const sum = (of: (stats: ClassifierStats) => number) => all.reduce((total, stats) => total + of(stats), 0);
  const batches: Record<number, number> = {};
  for (const stats of all)
    for (const [size, count] of Object.entries(stats.batches))
      batches[Number(size)] = (batches[Number(size)] ?? 0) + count;
  return {
    queued: sum(({ queued }) => queued),
    inFlight: sum(({ inFlight }) => inFlight),
    computed: sum(({ computed }) => computed),
    cache: {
      hits: sum(({ cache }) => cache.hits),
      misses: sum(({ cache }) => cache.misses),
      entries: sum(({ cache }) => cache.entries),
    },
    shared: sum(({ shared }) => shared),
    restarts: sum(({ restarts }) => restarts),
    hangs: sum(({ hangs }) => hangs),
    ready: sum(({ ready }) => ready),
    pids: all.flatMap(({ pids }) => pids),
    servers: all.flatMap(({ servers }) => servers ?? []),
    batches,
    imageSizes: {
      upTo224: sum(({ imageSizes }) => imageSizes.upTo224),
      upTo1MP: sum(({ imageSizes }) => imageSizes.upTo1MP),
      upTo4MP: sum(({ imageSizes }) => imageSizes.upTo4MP),
      upTo16MP: sum(({ imageSizes }) => imageSizes.upTo16MP),
      larger: sum(({ imageSizes }) => imageSizes.larger),
    },
  };
}
