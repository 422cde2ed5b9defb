/** Every face of the node but the page (page.full.ts), with four validators. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { badPeers } from "./bad-peers.ts";
import { badRequests } from "./bad-requests.ts";
import { badTransactions } from "./bad-transactions.ts";
import { certificateFace } from "./certificate-face.ts";
import { dataFace } from "./data-face.ts";
import { healthFace } from "./health-face.ts";
import { backendSwitch, inferenceFace } from "./inference-face.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet();
});
afterAll(() => net?.destroy());

certificateFace(() => net);
healthFace(() => net);
badTransactions(() => net);
badRequests(() => net);
badPeers(() => net);
inferenceFace(() => net);
dataFace(() => net, 1_000_000); // the last: it kills one and starts it again
backendSwitch();
