/** A gpu-worker under the hands of the measurement: it goes away, comes again, and at last lies in every result. */
import { nullLogger } from "@noema/core/testing/null-ports";
import { type GpuWorker, startGpuWorker } from "@noema/node/gpu-worker/server";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { createLocalBackend } from "@noema/precompiles/backend/local-backend";

export type Worker = {
  url: string;
  /** Nothing answers for so long. */
  away(): Promise<void>;
  again(): Promise<void>;
  /** Resolves at the first batch of results with a wrong bit each. */
  lie(): Promise<void>;
  stop(): Promise<void>;
};

export async function startWorker(): Promise<Worker> {
  const honest = createLocalBackend(createBackend("wasm"));
  let lied: (() => void) | undefined;
  const backend: typeof honest = {
    async submit(model, inputs) {
      const outputs = await honest.submit(model, inputs);
      if (lied === undefined) return outputs;
      lied();
      return outputs.map((x) => x.map((byte) => byte ^ 1));
    },
  };
  const start = (port: number): Promise<GpuWorker> =>
    startGpuWorker({ host: "127.0.0.1", port, hosts: [], backend, name: "a worker of the measurement", logger: nullLogger });
  let running = await start(0);
  const { port } = running;
  return {
    url: `http://127.0.0.1:${port}`,
    away: () => running.stop(),
    async again() {
      running = await start(port);
    },
    lie: () =>
      new Promise((resolve) => {
        lied = resolve;
      }),
    stop: () => running.stop(),
  };
}
