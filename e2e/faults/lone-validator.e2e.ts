/** A lone validator is killed with -9 after each answered send: started again, it has the transaction and makes the next block. */
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
