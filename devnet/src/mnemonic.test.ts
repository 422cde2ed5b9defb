import { parseMnemonic } from "@noema/node/keys/mnemonic";
import { mnemonicToAccount } from "viem/accounts";
import { expect, it } from "vitest";
import { DEFAULT_MNEMONIC, deriveAccounts } from "./accounts.ts";

it("is the same however it is spaced and written", () => {
  const clean = DEFAULT_MNEMONIC;
  const forms = [
    ` ${clean} `,
    clean.replaceAll(" ", "  "),
    clean.toUpperCase(),
    `${clean}\r`,
    `${clean}\r\n`,
    clean.replaceAll(" ", "\n"),
    `\ufeff${clean}`,
  ];
  for (const form of forms) expect(parseMnemonic(form), JSON.stringify(form)).toBe(clean);
});

it("gives the accounts that viem gives, at every length", () => {
  for (const n of [12, 15, 18, 21, 24]) {
    const last = { 12: "about", 15: "address", 18: "agent", 21: "admit", 24: "art" }[n];
    const mnemonic = parseMnemonic(`${"abandon ".repeat(n - 1)}${last}`);
    expect(deriveAccounts(mnemonic, 1)[0]?.address).toBe(mnemonicToAccount(mnemonic).address);
  }
});

it("refuses what BIP-39 does not know, and says which word", () => {
  const cases: [string, RegExp][] = [
    [DEFAULT_MNEMONIC.replace("junk", "jnuk"), /word 12, "jnuk", is not in/],
    [DEFAULT_MNEMONIC.replace("junk", "zoo"), /the last word, "zoo", does not fit/],
    [DEFAULT_MNEMONIC.replace("test ", ""), /11 words/],
    ["", /0 words/],
    ["0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80", /word 1, /],
  ];
  for (const [text, message] of cases)
    expect(() => parseMnemonic(text)).toThrow(
      expect.objectContaining({ code: "MNEMONIC_INVALID", message: expect.stringMatching(message) }),
    );
});
