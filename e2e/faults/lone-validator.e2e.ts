/** A lone validator is killed with -9 after each answered send: started again, it has the transaction and makes the next block. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { reach } from "../harness/chain.ts";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { createSender, submit } from "../harness/traffic.ts";
import { until } from "../harness/wait.ts";

let devnet: RunningDevnet;
beforeAll(async () => {
  devnet = await startDevnet(["--validators", "1", "--silent"]);
});
afterAll(() => devnet?.destroy());

it("goes on where it was killed", async () => {
  const sender = await createSender(devnet, 0);
  const hashes: string[] = [];
  for (let height = 1; height <= 3; height++) {
    hashes.push(await submit(devnet.rpcUrl, (await sender.sign()).raw));
    await reach([devnet.rpcUrl], height);
    await devnet.kill(0);
    await until(
      () => devnet.output().includes("validator 0 ended"),
      () => `a silent devnet does not say that its validator ended: ${devnet.output()}`,
    );
    await devnet.restart(0);
    for (const hash of hashes) expect(await rpc(devnet.rpcUrl, "eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
  }
});

it("has at once what it told before chain store and state were written", async () => {
  const sender = await createSender(devnet, 1);
  const folder = devnet.validators[0]?.datadir as string;
  const stores = ["chain.mdb", "state.mdb"].map((name) => join(folder, name));
  await submit(devnet.rpcUrl, (await sender.sign()).raw);
  await devnet.kill(0);
  for (const path of stores) copyFileSync(path, `${path}.before`);
  await devnet.restart(0);
  const hash = await submit(devnet.rpcUrl, (await sender.sign()).raw);
  const receipt = await rpc(devnet.rpcUrl, "eth_getTransactionReceipt", hash);
  await devnet.kill(0);
  for (const path of stores) copyFileSync(`${path}.before`, path);
  await devnet.restart(0);
  expect(await rpc(devnet.rpcUrl, "eth_getTransactionReceipt", hash)).toEqual(receipt);
});
