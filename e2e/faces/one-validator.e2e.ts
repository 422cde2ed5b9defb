/** The faces once more where one validator is the whole chain. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { badTransactions } from "./bad-transactions.ts";
import { certificateFace } from "./certificate-face.ts";
import { failureFace } from "./failure-face.ts";
import { fileFace } from "./file-face.ts";
import { healthFace } from "./health-face.ts";
import { inferenceFace } from "./inference-face.ts";
import { pageFace } from "./page-face.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet(["--validators", "1"]);
});
afterAll(() => net?.destroy());

certificateFace(() => net);
healthFace(() => net);
inferenceFace(() => net);
badTransactions(() => net);
failureFace(() => net);
pageFace(() => net, 1);
fileFace(() => net, 1);
