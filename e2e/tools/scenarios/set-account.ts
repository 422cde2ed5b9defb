/** Values set by hand, as scripts set them through any of the nodes that are compared: what they change, and what they do not. */
import { JsonRpcProvider, Wallet } from "ethers";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { address } from "../accounts.ts";
import { mined, rpc } from "../nodes.ts";
import { everyStep, type Scenario } from "../scenario.ts";
import { expect } from "../steps.ts";

const ETHER = 10n ** 18n;
const hex = (value: bigint) => `0x${value.toString(16)}`;

export const setAccountScenario: Scenario = {
  name: "values set by hand",
  async run(node, steps) {
    const prefix = node.name === "hardhat" ? "hardhat" : "anvil";
    const ask = <T = string>(method: string, ...params: unknown[]) => rpc<T>(node.url, method, ...params);
    const set = (what: string, ...params: unknown[]) => ask<unknown>(`${prefix}_${what}`, ...params);
    const key = generatePrivateKey();
    const who = privateKeyToAccount(key).address;
    const provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
    const wallet = new Wallet(key, provider);
    const send = async () => mined(node.url, (await wallet.sendTransaction({ to: address(9), value: 1n })).hash);

    await steps.step("setBalance: the balance, no block, the same header", async () => {
      const before = await ask("eth_getBlockByNumber", "latest", false);
      await set("setBalance", who, hex(3n * ETHER));
      expect(BigInt(await ask("eth_getBalance", who, "latest")) === 3n * ETHER, () => "another balance");
      const after = await ask("eth_getBlockByNumber", "latest", false);
      expect(JSON.stringify(after) === JSON.stringify(before), () => "the newest block is another");
    });
    await steps.step("the balance of the newest number is the new one, and stays so", async () => {
      const number = await ask("eth_blockNumber");
      await set("setBalance", who, hex(5n * ETHER));
      const now = await ask("eth_getBalance", who, number);
      expect((await send()) === "0x1", () => "the new account's transfer failed");
      const later = await ask("eth_getBalance", who, number);
      expect(now === later && BigInt(later) === 5n * ETHER, () => `${now}, then ${later}`);
    });
    await steps.step("setBalance to nothing: it cannot send", async () => {
      await set("setBalance", who, "0x0");
      const refused = await send().then(
        () => false,
        () => true,
      );
      expect(refused, () => "it was sent");
    });
    await steps.step("setCode, setStorageAt: a call returns the slot", async () => {
      const at = privateKeyToAccount(generatePrivateKey()).address;
      await set("setCode", at, "0x5f545f5260205ff3");
      await set("setStorageAt", at, "0x0", `0x${"0".repeat(62)}2a`);
      expect(BigInt(await ask("eth_call", { to: at }, "latest")) === 42n, () => "another slot");
    });
    await steps.step("setNonce: the next transfer has it", async () => {
      await set("setBalance", who, hex(ETHER));
      await set("setNonce", who, "0x64");
      expect((await ask("eth_getTransactionCount", who, "latest")) === "0x64", () => "another nonce");
      expect((await send()) === "0x1", () => "the transfer failed");
      expect((await ask("eth_getTransactionCount", who, "latest")) === "0x65", () => "another nonce afterwards");
    });
    provider.destroy();
  },
  judge: everyStep,
};
