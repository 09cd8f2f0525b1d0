import type { Manifest } from '../../bundle/index.ts';
import { wilson } from '../../statistics/index.ts';

/** A measured figure with the interval that holds the true one in 95 of 100 cases. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Figures of one dataset and condition. */
export interface Measured {
  readonly dataset: string;
  readonly condition: string | null;
  readonly samples: number;
  readonly figures: readonly Figure[];
}

/** Shares of independent decisions, for which Wilson's interval holds where the manifest has none of its own. */
const SHARES = ['accuracy', 'balancedAccuracy'];

/** All measurements of a manifest; `xLow` and `xHigh` are taken as the interval of `x`. */
export function measuredOf(manifest: Manifest): Measured[] {
  return manifest.metrics.map(({ dataset, condition = null, samples, values }) => ({
    dataset,
    condition,
    samples,
    figures: Object.entries(values)
      .filter(([name]) => boundOf(name, values) === undefined)
      .map(([name, value]) => {
        const low = values[`${name}Low`];
        const high = values[`${name}High`];
        if (low !== undefined && high !== undefined) return { name, value, low, high };
        if (SHARES.includes(name) && value >= 0 && value <= 1)
          return { name, value, ...wilson(value, samples) };
        return { name, value, low: null, high: null };
      }),
  }));
}

/** The name whose bound this is. */
function boundOf(name: string, values: Readonly<Record<string, number>>): string | undefined {
  const of = /^(.+)(?:Low|High)$/.exec(name)?.[1];
  return of !== undefined && values[of] !== undefined ? of : undefined;
}

/** `0.957 (0.941 to 0.969)`. */
export function figureText({ value, low, high }: Figure): string {
  const digits = (x: number) => (Number.isInteger(x) && Math.abs(x) > 1 ? String(x) : x.toFixed(3));
  return low === null || high === null
    ? digits(value)
    : `${digits(value)} (${digits(low)} to ${digits(high)})`;
}

/** balancedAccuracy → balanced accuracy; mcc → MCC. */
export function figureName(name: string): string {
  if (name === 'mcc') return 'MCC';
  return name.replace(/([a-z0-9])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}
