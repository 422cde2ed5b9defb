import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rowsOf } from "@noema/core/option-table";
import { afterEach, beforeEach, expect, it } from "vitest";
import { nodeOptions } from "../../options.ts";
import { named } from "../named-options.ts";
import { shownConfig, shownOptions } from "./show.ts";

const options = named(rowsOf(nodeOptions));
let datadir = "";
let file = "";
beforeEach(() => {
  datadir = mkdtempSync(join(tmpdir(), "noema-config-"));
  file = join(datadir, "config.json");
});
afterEach(() => rmSync(datadir, { recursive: true, force: true }));

const peer = "/ip4/203.0.113.7/tcp/9645/p2p/12D3KooWJ7UkNv2w6cDMNdT6Wtx4JFxE71u7XpABMzeoctHoXUMQ";
const write = (more: object = {}) => {
  const network = { network: 1, name: "testnet", validators: [{ name: "alice", publicKey: "0x", peer }], genesis: {} };
  writeFileSync(join(datadir, "network.json"), JSON.stringify(network));
  const config = {
    genesis: "genesis.json",
    network: "network.json",
    datadir: ".",
    rpc: { port: 1 },
    metrics: { port: 2 },
    p2p: { port: 3 },
  };
  writeFileSync(file, JSON.stringify({ ...config, ...more }));
};
const shown = (flags = {}, variables = {}) =>
  Object.fromEntries(shownOptions(options, undefined, { flags: { datadir, ...flags }, variables }).map(({ key, value, origin }) => [key, [value, origin]])); // biome-ignore format: one line

it("each option has the strongest that says it: flag, variable, file, the network's file, default", () => {
  write({ logLevel: "warn" });
  const rows = shown({ "rpc.port": 10 }, { "rpc.port": 11, "metrics.port": 12, "p2p.host": "0.0.0.0" });
  expect(rows["rpc.port"]).toEqual([10, "--rpc-port"]);
  expect(rows["metrics.port"]).toEqual([12, "NOEMA_METRICS_PORT"]);
  expect(rows["p2p.host"]).toEqual(["0.0.0.0", "NOEMA_P2P_HOST"]);
  expect(rows["p2p.port"]).toEqual([3, file]);
  expect(rows.logLevel).toEqual(["warn", file]);
  expect(rows["p2p.peers"]).toEqual([[peer], "network.json"]);
  expect(rows["rpc.deadlineMs"]).toEqual([5000, "default"]);
  expect(rows.passwordFile).toEqual([undefined, "default"]);
  write({ p2p: { port: 3, peers: [] } });
  expect(shown()["p2p.peers"]).toEqual([[], file]);
});

it("names the value that is refused, and who said it", () => {
  write({ logLevel: "loud" });
  expect(() => shown()).toThrow(`${file}: logLevel: one of debug, info, warn, error, silent is expected, not "loud"`);
  write({ accounts: [{ address: `0x${"1".repeat(40)}`, privateKey: "s3cret" }] });
  expect(() => shown()).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message: expect.not.stringContaining("s3cret") }));
});

it("is a table, or JSON", () => {
  write();
  const said = { flags: { datadir }, variables: {} };
  expect(shownConfig(options, undefined, said, { origin: true, json: false })).toMatch(/^rpc\.deadlineMs +5000 +default$/m);
  expect(JSON.parse(shownConfig(options, undefined, said, { origin: false, json: true }))).toMatchObject({ "rpc.port": 1 });
});
