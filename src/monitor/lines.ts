import { Counter, Gauge, type Registry } from 'prom-client';

/** Metrics of things of which there are several, each with a line of its own. */
export interface Lines<Thing> {
  /** @param join of two values under the same labels; default: the later one */
  gauge(name: string, help: string, read: Read<Thing>, join?: (a: number, b: number) => number): void;
  /** Values under the same labels are added up. */
  counter(name: string, help: string, read: Read<Thing>): void;
}

/** undefined: it has no line. */
type Read<Thing> = (thing: Thing) => number | undefined;

/** Registers metrics that are read anew at each scrape: what is gone has no line any more. */
export function linesOf<Thing, Label extends string>(
  registry: Registry,
  labelNames: readonly Label[],
  things: () => readonly Thing[],
  labelsOf: (thing: Thing) => Record<Label, string>,
): Lines<Thing> {
  const about = (name: string, help: string) => ({ name, help, labelNames, registers: [registry] });
  return {
    gauge(name, help, read, join = (_, later) => later) {
      new Gauge({
        ...about(name, help),
        collect() {
          this.reset();
          const values = new Map<string, { labels: Record<Label, string>; value: number }>();
          for (const thing of things()) {
            const value = read(thing);
            if (value === undefined) continue;
            const labels = labelsOf(thing);
            const key = JSON.stringify(labelNames.map((label) => labels[label]));
            const before = values.get(key);
            values.set(key, { labels, value: before === undefined ? value : join(before.value, value) });
          }
          for (const { labels, value } of values.values()) this.set(labels, value);
        },
      });
    },
    counter(name, help, read) {
      new Counter({
        ...about(name, help),
        collect() {
          this.reset();
          for (const thing of things()) {
            const value = read(thing);
            if (value !== undefined) this.inc(labelsOf(thing), value);
          }
        },
      });
    },
  };
}
