/** What the inference thread counts of the back end beside WASM, in memory that the main thread reads: places of an Int32Array. */
import type { Metrics } from "@noema/core/ports/metrics";

export const BESIDE = { serves: 0, wrong: 1, lost: 2 } as const;

/** For `InferenceWorkerData`, told as metrics. */
export function createBesideCounts(metrics: Metrics): SharedArrayBuffer {
  const counts = new SharedArrayBuffer(4 * Object.keys(BESIDE).length);
  const counted = new Int32Array(counts);
  const tell = (name: keyof typeof BESIDE, metric: string, help: string) =>
    metrics.gauge(`noema_inference_backend_${metric}`, help, () => counted[BESIDE[name]] as number);
  tell("serves", "serves", "1 while the back end beside WASM serves, 0 while it is out of service");
  tell("wrong", "faults_wrong", "times that it went out of service, or stayed there, because a result was not WASM's");
  tell("lost", "faults_lost", "times that it went out of service, or stayed there, because it was late or gone");
  return counts;
}
