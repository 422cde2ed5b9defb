/**
 * A chain of random operations, transactions, ways back and deaths is what a model says: always the same ones, since other seeds find
 * faults of the model too. Those are for `npm run test:tools -- random`, which goes on, beside anvil.
 */
import { afterEach, expect, it } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { createSeededRandom } from "../harness/random.ts";
import { walk } from "../random/walk.ts";

const SEED = 357_482;
let devnet: RunningDevnet | undefined;
afterEach(() => devnet?.destroy());

it.each([
  ["1", 300],
  ["4", 80],
])("%s validators, %i steps", async (validators, steps) => {
  devnet = await startDevnet(["--validators", validators, "--silent"]);
  const random = createSeededRandom(`random, ${validators} validators`, SEED);
  const { blocks, transactions } = await walk(devnet, Number(process.env.NOEMA_STEPS ?? steps), random);
  expect(blocks).toBeGreaterThan(1);
  expect(transactions).toBeGreaterThan(1);
});
