import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromHex } from "@noema/core/bytes";
import { generateSecretKey } from "@noema/core/crypto/bls";
import { nullLogger, nullMetrics } from "@noema/core/testing/null-ports";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readNodeConfig } from "../config.ts";
import { writeJson } from "../files/write-file.ts";
import { createDamage } from "../health/damage.ts";
import { loadPeerKey } from "../keys/peer-key.ts";
import { createValidatorKey, loadValidatorKey } from "../keys/validator-key.ts";
import { foundNetwork, parseSettings } from "../network/ceremony.ts";
import { newNetwork } from "../network/cli/new.ts";
import { register } from "../network/cli/register.ts";
import { readNetworkFile } from "../network/network-file.ts";
import { makeRegistration } from "../network/registration.ts";
import { exportProtection, importProtection } from "../slashing-protection/move.ts";
import { refuseMoved } from "../slashing-protection/moved.ts";
import { endless } from "../store/room.ts";
import { openStorage } from "../wiring/storage.ts";
import { initNode } from "./init.ts";

let folder = "";
let network = "";
const at = (...names: string[]) => join(folder, ...names);
const code = (name: string) => expect.objectContaining({ code: name });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "noema-init-"));
  createValidatorKey(at("alice"));
  await register({ datadir: at("alice"), name: "alice", address: "/ip4/203.0.113.7/tcp/9700", feeAddress: `0x${"1".repeat(40)}`, out: at("alice.json") }); // biome-ignore format: one line
  network = at("network.json");
  newNetwork({ validators: [at("alice.json")], chainId: 4242, name: "testnet", out: network });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("makes a validator of a folder with a key, at the address that was registered", async () => {
  expect(await initNode(network, { datadir: at("alice"), "rpc.port": 1234 })).toMatch(/is validator 0x/);
  const config = readNodeConfig(at("alice", "config.json"));
  expect(config).toMatchObject({ follow: false, datadir: at("alice"), rpc: { port: 1234 }, p2p: { host: "0.0.0.0", port: 9700 } });
  expect(config.p2p.peers).toEqual(readNetworkFile(network).validators.map((x) => x.peer));
  await expect(initNode(network, { datadir: at("alice") })).rejects.toThrow(code("INIT_EXISTS"));
});

it("makes a full node of an empty folder, and of one with a foreign key only where that is said", async () => {
  expect(await initNode(network, { datadir: at("eve") })).toMatch(/full node/);
  expect(readNodeConfig(at("eve", "config.json"))).toMatchObject({ follow: true, rpc: { port: 8545 }, p2p: { port: 9645 } });
  createValidatorKey(at("mallory"));
  await expect(initNode(network, { datadir: at("mallory") })).rejects.toThrow(code("NOT_A_VALIDATOR"));
  expect(await initNode(network, { datadir: at("mallory"), follow: true })).toMatch(/full node/);
});

it("says what is wrong with the network's file", async () => {
  const good = JSON.parse(readFileSync(network, "utf8"));
  const bads: [object, string][] = [
    [{ ...good, network: 2 }, "NETWORK_FILE_INVALID"],
    [{ ...good, extra: 1 }, "NETWORK_FILE_INVALID"],
    [{ ...good, validators: [{ ...good.validators[0], peer: "nowhere" }] }, "P2P_ADDRESS_INVALID"],
    [{ ...good, genesis: { ...good.genesis, chainId: 0 } }, "GENESIS_INVALID"],
  ];
  for (const [bad, expected] of bads) {
    writeFileSync(network, JSON.stringify(bad));
    await expect(initNode(network, { datadir: at("new") })).rejects.toThrow(code(expected));
  }
});

it("makes the network's file once, and compares from then on", () => {
  const again = (chainId: number) => newNetwork({ validators: [at("alice.json")], chainId, name: "testnet", out: network });
  again(4242);
  expect(() => again(4243)).toThrow(code("NETWORK_FILE_EXISTS"));
});

it("takes peers from the network's file only where nothing else says them", async () => {
  await initNode(network, { datadir: at("eve") });
  const [peer] = readNetworkFile(network).validators.map((x) => x.peer);
  const file = at("eve", "config.json");
  expect(readNodeConfig(file, { "p2p.peers": [] }).p2p.peers).toEqual([]);
  const json = JSON.parse(readFileSync(file, "utf8"));
  writeJson(file, { ...json, p2p: { ...json.p2p, peers: [`${peer}`, `${peer}`] } });
  expect(readNodeConfig(file).p2p.peers).toHaveLength(2);
});

it("lets a key go, takes it over with what it signed, and back", async () => {
  const [from, to] = [at("alice"), at("bob")] as const;
  await initNode(network, { datadir: from });
  const { publicKey } = JSON.parse(readFileSync(at("alice.json"), "utf8"));
  const out = at("protection.json");
  await exportProtection({ datadir: from }, out);
  expect(() => refuseMoved(from, publicKey)).toThrow(code("KEY_MOVED"));
  await expect(async () => exportProtection({ datadir: from }, out)).rejects.toThrow(code("FILE_UNWRITABLE"));

  createValidatorKey(to, loadValidatorKey(from));
  await initNode(network, { datadir: to });
  const exported = JSON.parse(readFileSync(out, "utf8"));
  const other = { ...exported.data[0], pubkey: `0x${"ab".repeat(48)}` };
  const bads: [object, string][] = [
    [{}, "INTERCHANGE_INVALID"],
    [{ ...exported, metadata: { ...exported.metadata, interchange_format_version: "4" } }, "INTERCHANGE_INVALID"],
    [{ ...exported, data: [{ ...exported.data[0], signed_views: [{ epoch: 1, view: "2" }] }] }, "INTERCHANGE_INVALID"],
    [{ ...exported, metadata: { ...exported.metadata, genesis_validators_root: `0x${"00".repeat(32)}` } }, "INTERCHANGE_OTHER_CHAIN"],
    [{ ...exported, data: [other] }, "INTERCHANGE_OTHER_KEY"],
  ];
  for (const [bad, expected] of bads) {
    writeFileSync(at("bad.json"), JSON.stringify(bad));
    await expect(importProtection({ datadir: to }, at("bad.json"))).rejects.toThrow(code(expected));
  }
  const signed = { ...exported, data: [other, { ...exported.data[0], signed_views: [{ epoch: "3", view: "17" }] }] };
  writeFileSync(at("signed.json"), JSON.stringify(signed));
  expect(await importProtection({ datadir: to }, at("signed.json"))).toMatch(/epoch 3, view 17/);

  const owner = { genesisHash: fromHex(exported.metadata.genesis_validators_root), publicKey: fromHex(publicKey) };
  const storage = await openStorage({ datadir: to, store: "lmdb", follow: false }, owner, endless, createDamage(), nullLogger, nullMetrics);
  expect([storage.votes.loss, storage.batches.loss, storage.blobs.catalog.loss].map((x) => x !== undefined)).toEqual([false, true, true]);
  await storage.close();

  await exportProtection({ datadir: to }, at("back.json"));
  expect(JSON.parse(readFileSync(at("back.json"), "utf8")).data[0].signed_views).toEqual([{ epoch: "3", view: "17" }]);
  await importProtection({ datadir: from }, at("back.json"));
  refuseMoved(from, publicKey);
});

it("founds nothing with a key whose owner did not register it", async () => {
  const { id } = await loadPeerKey(at("alice"));
  const about = {
    name: "bob",
    feeAddress: `0x${"2".repeat(40)}`,
    peer: `/ip4/203.0.113.8/tcp/1/p2p/${id}`,
    madeAt: "2026-11-01T00:00:00Z",
  };
  const forged = {
    ...makeRegistration(generateSecretKey(), about),
    publicKey: JSON.parse(readFileSync(at("alice.json"), "utf8")).publicKey,
  };
  const found = () => foundNetwork({ name: "x", chainId: 1, registrations: [forged], settings: parseSettings({}, "s") });
  expect(found).toThrow(code("GENESIS_INVALID")); // genesis checks again what registrations were checked for
});
