/** The page against four validators: who voted, who is away, a halt. Against one it is in one-validator.e2e.ts. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { fileFace } from "./file-face.ts";
import { pageFace } from "./page-face.ts";

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet();
});
afterAll(() => net?.destroy());

pageFace(() => net, 4);
fileFace(() => net, 4);
