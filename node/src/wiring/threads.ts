/**
 * The threads that compute and keep nothing, each started by the first that is asked of it. Inside a native call, such as the seconds of
 * KZG's set-up, none can be ended: they are the last that a stop waits for, when all stores are closed.
 */
import type { Logger } from "@noema/core/ports/logger";
import type { Metrics } from "@noema/core/ports/metrics";
import type { RowWorker } from "@noema/da-layer/blob/row-worker";
import { type CryptoPool, createCryptoPool } from "../threads/crypto-pool.ts";
import { createDataThread } from "../threads/data-thread.ts";

export type Threads = { crypto: CryptoPool; rowWorker: RowWorker; stop(): Promise<void> };

export function createThreads({ logger, metrics }: { logger: Logger; metrics: Metrics }): Threads {
  const crypto = createCryptoPool({ logger, metrics });
  const rowWorker = createDataThread((what) =>
    logger.log(
      "info",
      what === "starts" ? "the data worker starts: until it has KZG's set-up, blobs wait" : "the data worker has KZG's set-up",
    ),
  );
  return {
    crypto,
    rowWorker,
    async stop() {
      await Promise.all([crypto.stop(), rowWorker.close()]);
    },
  };
}
