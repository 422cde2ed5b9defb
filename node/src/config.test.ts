import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { configFileOf, parseNodeConfig, readNodeConfig } from "./config.ts";

const SECRET = "5ec7e75ec7e75ec7e75ec7e7";
const address = `0x${"11".repeat(20)}`;
const quiet = (code: string) => expect.objectContaining({ code, message: expect.not.stringContaining("5ec7e7") });
const minimal = { genesis: "../g.json", datadir: ".", rpc: { port: 0 }, metrics: { port: 0 }, p2p: { port: 0, peers: [] } };

it("reads TOML as JSON, says where it ends being some, and quotes no key", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-toml-"));
  const toml = join(folder, "config.toml");
  const write = (text: string) => writeFileSync(toml, text);
  try {
    write(
      '# a node\ngenesis = "g.json"\ndatadir = "."\n[rpc]\nport = 1 # any\nhosts = ["a.example"]\n[metrics]\nport = 2\n[p2p]\nport = 3\npeers = []\n',
    );
    expect(configFileOf(undefined, { datadir: folder })).toBe(toml);
    expect(readNodeConfig(toml)).toMatchObject({ genesis: join(folder, "g.json"), rpc: { port: 1, hosts: ["a.example"] } });
    write(`genesis = "g.json"\n[[accounts]]\nprivateKey = ${SECRET}\n`);
    expect(() => readNodeConfig(toml)).toThrow(quiet("FILE_NOT_TOML"));
    expect(() => readNodeConfig(toml)).toThrow(`${toml}:3:`);
    write("genesis = 1979-05-27\n");
    expect(() => readNodeConfig(toml, { datadir: folder, "rpc.port": 1 })).toThrow(quiet("CONFIG_INVALID"));
    writeFileSync(join(folder, "config.json"), "{}");
    expect(() => configFileOf(undefined, { datadir: folder })).toThrow(quiet("CONFIG_INVALID"));
    expect(configFileOf(toml, { datadir: folder })).toBe(toml);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("names the field at fault and never quotes a key", () => {
  expect(parseNodeConfig(minimal, "/net/v0").rpc.host).toBe("127.0.0.1");
  for (const privateKey of [SECRET, [SECRET], { key: SECRET }])
    expect(() => parseNodeConfig({ ...minimal, accounts: [{ address, privateKey }] }, "/")).toThrow(quiet("CONFIG_INVALID"));
  expect(() => parseNodeConfig({ ...minimal, accounts: [{ address, privateKey: SECRET }] }, "/")).toThrow("accounts.0.privateKey");
});

it("names a misspelt field, and not the one that it was meant to be", () => {
  const { rpc, ...rest } = minimal;
  expect(() => parseNodeConfig({ ...rest, rpc: { prot: rpc.port } }, "/", "f")).toThrow(
    /^f: rpc\.prot: no field has this name; there are host, port,.*[a-zA-Z]$/,
  );
  expect(() => parseNodeConfig({ ...rest, rcp: rpc }, "/", "f")).toThrow(/^f: rcp: no field has this name; there are .*rpc,/);
});

it("knows only hosts and origins that are some", () => {
  const { rpc, metrics } = minimal;
  const hosts = ["node.example.com", "::1"];
  const cors = ["*", "https://app.example+sign"];
  expect(parseNodeConfig({ ...minimal, rpc: { ...rpc, hosts, cors }, metrics: { ...metrics, hosts } }, "/")).toMatchObject({
    rpc: { hosts, cors },
    metrics: { hosts },
  });
  expect(() => parseNodeConfig({ ...minimal, rpc: { ...rpc, hosts: ["*"] } }, "/")).toThrow("rpc.hosts: host names like");
  expect(() => parseNodeConfig({ ...minimal, metrics: { ...metrics, hosts: ["a:1"] } }, "/")).toThrow("metrics.hosts: host names like");
  expect(() => parseNodeConfig({ ...minimal, rpc: { ...rpc, cors: ["*+sign"] } }, "/")).toThrow("rpc.cors: origins like");
});

it("paths begin at the file's folder, wherever the process stands", () => {
  expect(parseNodeConfig({ ...minimal, logFile: "node.log", models: "/models" }, "/net/v0")).toMatchObject({
    genesis: "/net/g.json",
    datadir: "/net/v0",
    logFile: "/net/v0/node.log",
    inference: { models: "/models" },
  });
  expect(parseNodeConfig(minimal, "/net/v0").inference.models).toMatch(/\/precompiles\/models$/);
  const folder = mkdtempSync(join(tmpdir(), "noema-config-"));
  try {
    writeFileSync(join(folder, "config.json"), `\ufeff${JSON.stringify(minimal)}`);
    expect(readNodeConfig(join(folder, "config.json")).datadir).toBe(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("takes everything from flags and variables where there is no file", () => {
  const given = { genesis: "g.json", datadir: "d", "rpc.port": 1, "metrics.port": 2, "p2p.port": 3, "p2p.peers": ["a"] };
  expect(readNodeConfig(undefined, given)).toMatchObject({ datadir: resolve("d"), rpc: { port: 1 }, p2p: { peers: ["a"] } });
  const { "p2p.peers": _, ...rest } = given;
  const message = expect.stringContaining("p2p.peers: is missing: its flag, its variable or the file");
  expect(() => readNodeConfig(undefined, rest)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message }));
  expect(() => readNodeConfig(undefined, { datadir: "alice" })).toThrow("alice has no config.json: genesis: is missing");
});

it("reads what earlier devnets wrote", () => {
  const hosts = ["a.example"];
  const written = {
    ...minimal,
    rpc: { host: "0.0.0.0", port: 8545, hosts, cors: ["*"], sendWaitMs: 1000 },
    metrics: { port: 9545, hosts },
    backend: "wasm",
    store: "rocksdb",
    logFile: "node.log",
    rpcUrls: ["http://127.0.0.1:8545"],
    accounts: [{ address, privateKey: `0x${"22".repeat(32)}` }],
  };
  expect(parseNodeConfig(written, "/")).toMatchObject({ rpc: written.rpc, store: "rocksdb", inference: { backend: "wasm" } });
});

it("does not quote a file that is no JSON", () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-config-"));
  const path = join(folder, "config.json");
  writeFileSync(path, `{"privateKey": ${SECRET}}`);
  try {
    expect(() => readNodeConfig(path)).toThrow(quiet("FILE_NOT_JSON"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
