import { parseNodeConfig } from "@noema/node/config";
import { expect, test } from "vitest";
import { command } from "./command.ts";
import { FIXED, readOptions, sharedOptions } from "./options.ts";

test("the flags that scripts have", () => {
  const flags = command().options.flatMap((x) => [x.long, x.short ?? []].flat());
  const names = `validators port host hosts cors metrics-port p2p-port accounts balance mnemonic chain-id block-time async-send gas-limit
    base-fee datadir fresh silent json config-out hardfork backend store`;
  expect(flags).toEqual(expect.arrayContaining([...names.split(/\s+/).map((x) => `--${x}`), "-p", "-a", "-m", "-b"]));
  expect(new Set(flags).size).toBe(flags.length);
});

test("what a data directory keeps for life: a new name here is missing in those that exist, and means its default there", () => {
  const kept = ["accounts", "balance", "baseFee", "blockTime", "chainId", "disableTxGasLimit", "gasLimit", "hardfork"].concat([
    "mining",
    "mnemonic",
    "seed",
    "validators",
  ]);
  expect(FIXED.toSorted()).toEqual(kept);
});

test("what every validator is told has the form of its configuration", () => {
  const { shared, validators } = readOptions({ validators: 2 }, { "rpc.hosts": ["a"], "metrics.hosts": ["a"], store: "rocksdb" });
  expect([validators, shared]).toEqual([2, { rpc: { hosts: ["a"] }, metrics: { hosts: ["a"] }, store: "rocksdb" }]);
  const own = {
    genesis: "g",
    datadir: ".",
    rpc: { ...shared.rpc, port: 1 },
    metrics: { ...shared.metrics, port: 2 },
    p2p: { port: 3, peers: [] },
  };
  expect(parseNodeConfig({ ...shared, ...own }, "/")).toMatchObject({ rpc: { hosts: ["a"] }, metrics: { hosts: ["a"] }, store: "rocksdb" });
  expect(sharedOptions.map((x) => x.key)).toContain("execution.callGasCap");
});
