/** examples/reader as its README says it is run: compiles, deploys and calls a contract that reads a digit. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningDevnet, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";

const example = fileURLToPath(new URL("../../examples/reader", import.meta.url));

let net: RunningDevnet;
beforeAll(async () => {
  net = await startDevnet(["--validators", "1"]);
});
afterAll(() => net?.destroy());

it("reads a seven by a call and by a transaction", async () => {
  const { code, stdout, stderr } = await runCommand("npm", ["--silent", "start", "--", net.rpcUrl], { cwd: example });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^MyReader at 0x[0-9a-f]{40}, model digits\n/);
  expect(stdout).toMatch(/read, a call: 7\n/);
  expect(stdout).toMatch(/remembered, a transaction: \d+ gas in block \d+\nlast: 7\n$/);
  expect(code).toBe(0);
});
