import { MethodNotFoundRpcError, type PublicClient } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { DEFAULT_MNEMONIC } from "../accounts.ts";
import { requireFunds, requireNoema } from "./chain.ts";

const account = mnemonicToAccount(DEFAULT_MNEMONIC);
const withBalance = (balance: bigint) => ({ account, publicClient: { getBalance: async () => balance } as unknown as PublicClient });

test("a chain of another mnemonic is told by name", async () => {
  await expect(requireFunds(withBalance(0n))).rejects.toMatchObject({
    code: "DEV_DEMO_FAILED",
    message: expect.stringContaining(account.address),
  });
  await expect(requireFunds(withBalance(1n))).resolves.toBeUndefined();
});

test("another program on the port is told as such, and what else fails as itself", async () => {
  const ask = (error: Error) => requireNoema({ noema: () => Promise.reject(error) }, "http://a");
  const unknown = new MethodNotFoundRpcError(new Error("unknown"), { method: "noema_nodeInfo" });
  const message = expect.stringContaining("http://a is no Noema node");
  await expect(ask(unknown)).rejects.toMatchObject({ code: "DEV_DEMO_FAILED", message });
  await expect(ask(new Error("cut"))).rejects.toThrow("cut");
});
