/** The largest object, with four validators. */
import { afterAll, beforeAll } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { dataFace } from "./data-face.ts";

/** Near the limit of one object: 32 rows of 126,976 bytes. */
const LARGEST = 4_000_000;

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet();
});
afterAll(() => net?.destroy());

dataFace(() => net, LARGEST);
