/** Every face of the node, with four validators. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { certificateFace } from "./certificate-face.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet();
});
afterAll(() => net?.destroy());

certificateFace(() => net);
