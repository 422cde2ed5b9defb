/** What several validators do with transactions and blobs of a client; its libraries as a whole: four-validators.full.ts. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { blobTransactions } from "./blob-transactions.ts";
import { viemTransactions } from "./viem-transactions.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet();
});
afterAll(() => net?.destroy());

viemTransactions(() => net);
blobTransactions(() => net);
