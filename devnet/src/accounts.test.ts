import { expect, test } from "vitest";
import { DEFAULT_MNEMONIC, deriveAccounts } from "./accounts.ts";

// As anvil prints them.
test("the default mnemonic gives anvil's accounts", () => {
  const accounts = deriveAccounts(DEFAULT_MNEMONIC, 10);
  expect(accounts[0]).toEqual({
    address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    privateKey: "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  });
  expect(accounts[9]?.address).toBe("0xa0Ee7A142d267C1f36714E4a8F75612F20a79720");
});

test("fee accounts are others", () => {
  const funded = new Set(deriveAccounts(DEFAULT_MNEMONIC, 10).map((x) => x.address));
  for (const { address } of deriveAccounts(DEFAULT_MNEMONIC, 4, 1)) expect(funded.has(address)).toBe(false);
});
