/** core's Metrics on prom-client. */
import type { Metrics, Reading } from "@noema/core/ports/metrics";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

const NAME = /^noema_[a-z0-9]+(_[a-z0-9]+)+$/;

export type MetricsRegistry = Metrics & {
  /** The text that Prometheus scrapes, and its media type. */
  scrape(): Promise<{ type: string; body: string }>;
  names(): string[];
};

function checked(name: string): string {
  if (!NAME.test(name)) throw new TypeError(`metric ${name}: names are noema_<area>_<thing>_<unit|total>`);
  return name;
}

const samples = (reading: Reading) => (typeof reading === "number" ? [{ of: {}, value: reading }] : reading);

/** Declaring a name twice throws: one declaration a name. */
export function createMetricsRegistry(): MetricsRegistry {
  const registry = new Registry();
  const registers = [registry];
  return {
    counter(name, help, labelNames = []) {
      const counter = new Counter({ name: checked(name), help, labelNames, registers });
      return (by = 1, of = {}) => counter.inc(of, by);
    },
    total(name, help, read, labelNames = []) {
      new Counter({
        ...{ name: checked(name), help, labelNames, registers },
        collect() {
          this.reset();
          for (const { of, value } of samples(read())) this.inc(of, value);
        },
      });
    },
    gauge(name, help, read, labelNames = []) {
      new Gauge({
        ...{ name: checked(name), help, labelNames, registers },
        collect() {
          this.reset(); // what is not there any more has no series
          for (const { of, value } of samples(read())) this.set(of, value);
        },
      });
    },
    histogram(name, help, buckets) {
      const histogram = new Histogram({ name: checked(name), help, buckets: [...buckets], registers });
      return (value) => histogram.observe(value);
    },
    scrape: async () => ({ type: registry.contentType, body: await registry.metrics() }),
    names: () => registry.getMetricsAsArray().map((m) => m.name),
  };
}
