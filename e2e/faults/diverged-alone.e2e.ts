/** A lone validator certifies its own damaged state: nobody contradicts it, and executing again says that the results differ. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { reach, readiness } from "../harness/chain.ts";
import { launcher, type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { plantWei } from "../harness/plant.ts";
import { runCommand } from "../harness/run-command.ts";
import { createSender, submit } from "../harness/traffic.ts";

/** Blocks until a header carries the result of one (D = 3), and one more. */
const CERTIFIED_AFTER = 4;
let devnet: RunningDevnet;
beforeAll(async () => {
  devnet = await startDevnet(["--validators", "1"]);
});
afterAll(() => devnet?.destroy());

it("goes on, and reexecute changes nothing, prints both results and fails", async () => {
  const folder = devnet.validators[0]?.datadir as string;
  const account = devnet.accounts[5]?.address as string;
  const sender = await createSender(devnet, 0);
  const send = async (blocks: number) => {
    for (let i = 0; i < blocks; i++) await submit(devnet.rpcUrl, (await sender.sign()).raw);
  };
  await send(2);
  await reach([devnet.rpcUrl], 2);
  await devnet.kill(0);
  const planted = await plantWei(folder, account, "whole");
  await devnet.restart(0);
  await send(CERTIFIED_AFTER);
  await reach([devnet.rpcUrl], 2 + CERTIFIED_AFTER);
  expect((await readiness(devnet.rpcUrl)).code).toBe(200);
  await devnet.kill(0);

  const { code, stdout, stderr } = await runCommand(process.execPath, [launcher, "reexecute", "--datadir", folder]);
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^noema reexecute: block 3, executed again, still has another result/m),
  });
  const [own, certified] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line.slice(line.indexOf("{"))).stateRoot as string);
  const found = JSON.parse(readFileSync(join(folder, "diverged", "reexecuted.json"), "utf8"));
  expect(found).toMatchObject({
    code: "REEXECUTE_DIFFERS",
    height: 3,
    agreed: 2,
    own: { stateRoot: own },
    certified: { stateRoot: certified },
  });
  expect(own).not.toBe(certified);
  expect(readdirSync(folder)).not.toContain("reexecute");

  await devnet.restart(0); // as it was
  expect(BigInt(await rpc<string>(devnet.rpcUrl, "eth_getBalance", account, "latest"))).toBe(planted);
});
