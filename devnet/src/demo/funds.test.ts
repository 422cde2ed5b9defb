import type { PublicClient } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { DEFAULT_MNEMONIC } from "../accounts.ts";
import { requireFunds } from "./chain.ts";

const account = mnemonicToAccount(DEFAULT_MNEMONIC);
const withBalance = (balance: bigint) => ({ account, publicClient: { getBalance: async () => balance } as unknown as PublicClient });

test("a chain of another mnemonic is told by name", async () => {
  await expect(requireFunds(withBalance(0n))).rejects.toMatchObject({
    code: "DEV_DEMO_FAILED",
    message: expect.stringContaining(account.address),
  });
  await expect(requireFunds(withBalance(1n))).resolves.toBeUndefined();
});
