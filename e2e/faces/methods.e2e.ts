import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { methodFace } from "./method-face.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet(["--validators", "1"]);
});
afterAll(() => net?.destroy());

methodFace(() => net);
