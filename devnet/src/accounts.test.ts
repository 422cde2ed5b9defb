import { pbkdf2Sync } from "node:crypto";
import { to0x } from "@noema/core/bytes";
import fc from "fast-check";
import type { Hex } from "viem";
import { HDKey, privateKeyToAccount } from "viem/accounts";
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

test("any mnemonic's accounts are those of another library", () => {
  const words = fc.array(fc.constantFrom("abandon", "ability", "zoo", "über"), { minLength: 12, maxLength: 12 });
  const one = fc.tuple(words, fc.nat(9), fc.nat(9));
  fc.assert(
    fc.property(one, ([phrase, index, accountIndex]) => {
      const mnemonic = phrase.join(" ");
      const seed = pbkdf2Sync(mnemonic.normalize("NFKD"), "mnemonic", 2048, 64, "sha512");
      const { privateKey } = HDKey.fromMasterSeed(seed).derive(`m/44'/60'/${accountIndex}'/0/${index}`);
      const { address } = privateKeyToAccount(to0x(privateKey as Uint8Array) as Hex);
      expect(deriveAccounts(mnemonic, index + 1, accountIndex)[index]).toEqual({ address, privateKey: to0x(privateKey as Uint8Array) });
    }),
    { numRuns: 8 },
  );
});
