import { createBackend } from "@noema/precompiles/backend/create-backend";
import { createLocalBackend } from "@noema/precompiles/backend/local-backend";
import { openBeside } from "../inference/open-beside.ts";
import { openNodeLog } from "../log/node-log.ts";
import { urlHost } from "../web/url-host.ts";
import { startGpuWorker } from "./server.ts";

export type GpuWorkerCommandOptions = { host: string; port: number; hosts: string[]; backend: "webgpu" | "wasm" };

/** Serves until a signal comes; ends with 1 where its GPU is out of service, so that whoever supervises starts it again. */
export async function runGpuWorker({ host, port, hosts, backend }: GpuWorkerCommandOptions): Promise<void> {
  const logger = openNodeLog({ logLevel: "info", logFile: undefined });
  const wasm = createBackend(backend);
  const beside = await openBeside({ backend, gpuWorker: undefined, models: undefined }, wasm, ({ reason }) => {
    logger.log("error", "the GPU is out of service", { reason });
    process.exit(1);
  });
  const name = beside?.name ?? "WASM";
  const worker = await startGpuWorker({ host, port, hosts, backend: beside ?? createLocalBackend(wasm), name, logger });
  logger.log("info", "gpu-worker serves", { on: name, url: `http://${urlHost(host)}:${worker.port}` });
  const stop = async () => {
    await worker.stop();
    beside?.close();
    process.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
}
