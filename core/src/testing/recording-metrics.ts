/** Metrics that a test looks at, by name and labels. */
import type { Labels, Metrics, Reading } from "../ports/metrics.ts";

const keyOf = (name: string, of: Labels = {}) => [name, ...Object.entries(of).flat()].join(" ");

/** `counts`: sums of counters and last values of histograms, by `name label value ...`; `gauges`: how each is read, those of `total` among them. */
export function createRecordingMetrics() {
  const counts: Record<string, number> = {};
  const gauges: Record<string, () => Reading> = {};
  const metrics: Metrics = {
    counter(name, _, labels = []) {
      if (labels.length === 0) counts[name] = 0;
      return (by = 1, of) => {
        const key = keyOf(name, of);
        counts[key] = (counts[key] ?? 0) + by;
      };
    },
    total(name, _, read) {
      gauges[name] = read;
    },
    gauge(name, _, read) {
      gauges[name] = read;
    },
    histogram: (name) => (value) => {
      counts[name] = value;
    },
  };
  return { metrics, counts, gauges };
}
