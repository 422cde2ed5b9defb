import { expect, it } from "vitest";
import { parseExecutionGenesis } from "./options.ts";

const address = `0x${"ab".repeat(20)}`;

it("fills in what is left out", () => {
  const section = parseExecutionGenesis({ alloc: { [address]: { balance: "0x10" } } });
  expect(section).toMatchObject({ gasLimit: 30_000_000n, baseFeePerGas: 1_000_000_000n });
  expect(section.alloc[address]).toEqual({ balance: 16n, nonce: 0n, code: "0x", storage: {} });
});

it("names the spelling that comes second", () => {
  const again = `0x${"AB".repeat(20)}`;
  expect(() => parseExecutionGenesis({ alloc: { [address]: {}, [again]: {} } })).toThrow(`execution.alloc: ${again} stands twice`);
  const storage = { "0xa": "0x1", "0x0A": "0x2" };
  expect(() => parseExecutionGenesis({ alloc: { [address]: { storage } } })).toThrow(
    `execution.alloc.${address}.storage: 0x0A stands twice`,
  );
});

it.each([
  ["an unknown field", { gas: 1 }],
  ["a negative quantity", { gasLimit: -1 }],
  ["words for a quantity", { baseFeePerGas: "much" }],
  ["a short address", { alloc: { "0x12": {} } }],
  ["a balance beyond 256 bits", { alloc: { [address]: { balance: `0x1${"0".repeat(64)}` } } }],
  ["the last nonce", { alloc: { [address]: { nonce: (2n ** 64n - 1n).toString() } } }],
  ["odd code", { alloc: { [address]: { code: "0x123" } } }],
  ["one address in two spellings", { alloc: { [address]: {}, [address.replace("ab", "AB")]: {} } }],
  ["one slot in two spellings", { alloc: { [address]: { storage: { "0x01": "0x1", "0x1": "0x2" } } } }],
  ["no slot", { alloc: { [address]: { storage: { "0xz": "0x1", "0x1": "0x2" } } } }],
  ["nothing", undefined],
])("refuses %s", (_, section) => {
  expect(() => parseExecutionGenesis(section)).toThrow(expect.objectContaining({ code: "EXEC_OPTIONS_INVALID" }));
});
