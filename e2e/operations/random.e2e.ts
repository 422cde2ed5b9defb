/** A chain of random operations, transactions, ways back and deaths is what a model says. `npm run test:tools -- random` goes on, beside anvil. */
import { afterEach, expect, it } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { walk } from "../random/walk.ts";

let devnet: RunningDevnet | undefined;
afterEach(() => devnet?.destroy());

it.each([
  ["1", 300],
  ["4", 80],
])("%s validators, %i steps", async (validators, steps) => {
  devnet = await startDevnet(["--validators", validators, "--silent"]);
  const { blocks, transactions } = await walk(devnet, Number(process.env.NOEMA_STEPS ?? steps));
  expect(blocks).toBeGreaterThan(1);
  expect(transactions).toBeGreaterThan(1);
});
