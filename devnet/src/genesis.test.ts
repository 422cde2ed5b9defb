import { forkOf } from "@noema/execution/rules/forks";
import { expect, test } from "vitest";
import { createGenesis } from "./genesis.ts";
import { generateValidatorKeys } from "./keys.ts";
import { readOptions } from "./options.ts";

function genesisOf(given: Parameters<typeof readOptions>[0]) {
  const options = readOptions({ validators: 2, ...given });
  return createGenesis(options, generateValidatorKeys(2, options.seed), [], []);
}

test("a seed gives the same validators and salt again, another or none gives others", () => {
  const of = (seed?: string) => {
    const { salt, validators } = genesisOf({ seed });
    return { salt, keys: validators.map((x) => x.publicKey) };
  };
  expect(of("a")).toEqual(of("a"));
  for (const other of [of("b"), of()]) {
    expect(other.salt).not.toBe(of("a").salt);
    for (const key of other.keys) expect(of("a").keys).not.toContain(key);
  }
});

test("the cap of EIP-7825 can be lifted where the fork has it", () => {
  expect(forkOf(genesisOf({}).fork).maxTransactionGas).toBe(2n ** 24n);
  const lifted = forkOf(genesisOf({ disableTxGasLimit: true }).fork);
  expect([lifted.maxTransactionGas, lifted.hardfork, lifted.blobs]).toEqual([undefined, "osaka", forkOf("osaka").blobs]);
  expect(genesisOf({ disableTxGasLimit: true, hardfork: "cancun" }).fork).toBe("cancun");
});

test("blocks come with transactions, at the interval that is said, or when they are asked for", () => {
  const mining = (given: Parameters<typeof genesisOf>[0]) => genesisOf(given).execution.mining;
  expect([mining({}), mining({ validators: 1 }), mining({ blockTime: 1 }), mining({ mining: false })]).toEqual([
    "auto",
    "auto",
    "every",
    "none",
  ]);
});
