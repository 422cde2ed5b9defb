import { expect, it } from "vitest";
import { parseExecutionGenesis } from "./options.ts";

const address = `0x${"ab".repeat(20)}`;

it("fills in what is left out", () => {
  const section = parseExecutionGenesis({ alloc: { [address]: { balance: "0x10" } } });
  expect(section).toMatchObject({ gasLimit: 30_000_000n, baseFeePerGas: 1_000_000_000n });
  expect(section.alloc[address]).toEqual({ balance: 16n, nonce: 0n, code: "0x", storage: {} });
});

it.each([
  ["an unknown field", { gas: 1 }],
  ["a negative quantity", { gasLimit: -1 }],
  ["words for a quantity", { baseFeePerGas: "much" }],
  ["a short address", { alloc: { "0x12": {} } }],
  ["a balance beyond 256 bits", { alloc: { [address]: { balance: `0x1${"0".repeat(64)}` } } }],
  ["the last nonce", { alloc: { [address]: { nonce: (2n ** 64n - 1n).toString() } } }],
  ["odd code", { alloc: { [address]: { code: "0x123" } } }],
  ["nothing", undefined],
])("refuses %s", (_, section) => {
  expect(() => parseExecutionGenesis(section)).toThrow(expect.objectContaining({ code: "EXEC_OPTIONS_INVALID" }));
});
