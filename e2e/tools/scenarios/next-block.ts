/** An estimate is for the block to come, also on an idle chain whose last block is seconds old. */
import { setTimeout as sleep } from "node:timers/promises";
import { getCreateAddress, JsonRpcProvider, Wallet } from "ethers";
import { address, privateKey } from "../accounts.ts";
import { mined } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { expect } from "../steps.ts";

/** Stores twice where the timestamp is not the one that it stored last, else nothing. */
const RUNTIME = "425f5414600f57425f5560014255005b00";
const INIT = `0x6011600a5f3960115ff3${RUNTIME}`;
/** The block's timestamp is new: one slot written, one changed. */
const GAS = 48_129n;

export const nextBlockScenario: Scenario = {
  name: "estimate in the next block",
  async run(node, steps) {
    const provider = new JsonRpcProvider(node.url);
    const wallet = new Wallet(privateKey(4), provider);
    const nonce = await wallet.getNonce();
    const to = getCreateAddress({ from: address(4), nonce });
    await mined(node.url, (await wallet.sendTransaction({ data: INIT, nonce })).hash);
    await mined(node.url, (await wallet.sendTransaction({ to, nonce: nonce + 1, gasLimit: 100_000n })).hash);
    await sleep(2500); // the time that has to pass on the chain's clock is what is tried
    await steps.step("estimate", async () => {
      const gas = await provider.estimateGas({ from: address(4), to });
      expect(gas === GAS, () => `${gas}, right is ${GAS}`);
    });
    provider.destroy();
  },
  judge: everyStep,
};
