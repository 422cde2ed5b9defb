import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rowsOf } from "@noema/core/option-table";
import { defaultExecutionOptions } from "@noema/execution/options";
import { Command } from "commander";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readNodeConfig } from "../config.ts";
import { nodeOptions } from "../options.ts";
import { addOptions, givenBy, named } from "./named-options.ts";

const options = named(rowsOf(nodeOptions));
const file = {
  genesis: "../g.json",
  datadir: ".",
  rpc: { port: 1, sendWaitMs: 5 },
  metrics: { port: 2 },
  p2p: { port: 3, peers: ["a"] },
  store: "rocksdb",
};
let folder = "";
let path = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-options-"));
  path = join(folder, "config.json");
  writeFileSync(path, JSON.stringify(file));
});
afterAll(() => rmSync(folder, { recursive: true }));

function given(args: string[], environment: NodeJS.ProcessEnv) {
  const command = addOptions(new Command(), options).exitOverride();
  command.parse(args, { from: "user" });
  return givenBy(options, command, environment);
}

it("flags come before variables, variables before the file, the file before the default", () => {
  const environment = { NOEMA_RPC_PORT: "20", NOEMA_METRICS_PORT: "21", NOEMA_STORE: "lmdb", NOEMA_P2P_PEERS: "b,c", NOEMA_LOG_LEVEL: "" };
  const config = readNodeConfig(path, given(["--rpc-port", "10", "--execution-call-gas-cap", "30000"], environment));
  expect(config).toMatchObject({
    rpc: { port: 10, sendWaitMs: 5, host: "127.0.0.1" },
    metrics: { port: 21 },
    p2p: { port: 3, peers: ["b", "c"] },
    store: "lmdb",
    logLevel: "info",
    execution: { ...defaultExecutionOptions, callGasCap: 30_000n },
  });
});

it("paths of flags and variables begin where the process stands, those of the file at the file", () => {
  const config = readNodeConfig(path, given(["--models", "m"], { NOEMA_DATADIR: "d" }));
  expect([config.genesis, config.datadir, config.inference.models]).toEqual([resolve(folder, "../g.json"), resolve("d"), resolve("m")]);
});

it("a variable that cannot be is refused by name, unless a flag says it", () => {
  const wrong = { NOEMA_RPC_PORT: "70000" };
  const message = "NOEMA_RPC_PORT=70000: an integer from 0 to 65535 is expected";
  expect(() => given([], wrong)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message }));
  expect(given(["--rpc-port", "10"], wrong)).toEqual({ "rpc.port": 10 });
});

it("what is wrong in the file stays wrong beside what is given", () => {
  for (const text of ["5", "[]", JSON.stringify({ ...file, rpc: 5 }), JSON.stringify({ ...file, rpc: { port: 1, typo: 1 } })]) {
    writeFileSync(join(folder, "wrong.json"), text);
    const read = () => readNodeConfig(join(folder, "wrong.json"), { "rpc.host": "::1" });
    expect(read, text).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  }
});

it("keys can be said in the file alone", () => {
  expect(options.map((x) => x.key)).not.toContain("accounts");
  expect(options.length).toBe(rowsOf(nodeOptions).length - 1);
});
