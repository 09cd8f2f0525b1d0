import { createRandom } from '../../simulate/index.ts';
import type { Table } from './table.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface ResampleOptions {
  /** Default 1000. */
  readonly resamples?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * How often each cluster was drawn, resample by resample: as many clusters of each label as there are, with
 * replacement (Efron 1979; of whole clusters, as the views of a picture go together: Field and Welsh 2007; by label,
 * since a validator chooses the label first). The array is used again for the next.
 */
export function* resamples(
  clusters: Table['clusters'],
  { resamples: times = 1000, seed = 0 }: ResampleOptions = {},
): Generator<Float64Array> {
  const rng = createRandom(seed, 'bootstrap');
  const weights = new Float64Array(clusters[0].length + clusters[1].length);
  for (let i = 0; i < times; i++) {
    weights.fill(0);
    for (const group of clusters) {
      for (let k = 0; k < group.length; k++) {
        const drawn = group[rng.integer(0, group.length - 1)] ?? 0;
        weights[drawn] = (weights[drawn] ?? 0) + 1;
      }
    }
    yield weights;
  }
}

/** The middle 95 % of the values (the percentile interval); undefined where fewer than two are there. */
export function interval95(values: readonly number[]): Interval | undefined {
  if (values.length < 2) return undefined;
  const sorted = Float64Array.from(values).sort();
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Linear between the two nearest values, as NumPy's default. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
