import { getAddress, getContractAddress, type Hex, keccak256, recoverTransactionAddress, serializeTransaction, slice } from "viem";
import { expect, it } from "vitest";
import { contractAlloc, readGenesisContracts } from "./genesis-contracts.ts";

const contracts = readGenesisContracts();
const byName = (name: string) => contracts.find((x) => x.name === name) as (typeof contracts)[number];

it("are what they say: code of the stated keccak256 at a checksummed address", () => {
  for (const { name, address, code, codeHash } of contracts) {
    expect(keccak256(code), name).toBe(codeHash);
    expect(getAddress(address), name).toBe(address);
  }
});

/** As seen on Ethereum: not from the file. */
it.each([
  ["CREATE2 deployer", "0x4e59b44847b379578588920cA78FbF26c0B4956C", "0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989"],
  [
    "Safe singleton factory",
    "0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7",
    "0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989",
  ],
  ["Multicall3", "0xcA11bde05977b3631167028862bE2a173976CA11", "0xd5c15df687b16f2ff992fc8d767b4216323184a2bbc6ee2f9c398c318e770891"],
])("%s has Ethereum's address and code", (name, address, codeHash) => {
  expect(byName(name)).toMatchObject({ address, codeHash });
});

/** Its deployment is signed by nobody: r and s are 0x22..22, so the sender, and with it the address, follow from the code. */
it("the CREATE2 deployer's address follows from its code", async () => {
  const { code, address } = byName("CREATE2 deployer");
  const creation: Hex = `0x604580600e600039806000f350fe${code.slice(2)}`;
  expect(slice(creation, 14)).toBe(code);
  const two: Hex = `0x${"22".repeat(32)}`;
  const transaction = { type: "legacy", nonce: 0, gasPrice: 100_000_000_000n, gas: 100_000n, data: creation } as const;
  const serializedTransaction = serializeTransaction(transaction, { r: two, s: two, v: 27n });
  const from = await recoverTransactionAddress({ serializedTransaction: serializedTransaction as never });
  expect(getContractAddress({ from, nonce: 0n })).toBe(address);
});

it("enter genesis as contracts: with nonce 1", () => {
  const alloc = contractAlloc();
  expect(Object.keys(alloc)).toEqual(contracts.map((x) => x.address.toLowerCase()));
  for (const account of Object.values(alloc)) expect(account.nonce).toBe("1");
});
