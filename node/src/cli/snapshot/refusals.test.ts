/** What snapshots, `noema db` and `noema doctor` refuse or report of a data directory, each by its code, with nothing changed. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TABLES } from "@noema/consensus/store/tables";
import { to0x } from "@noema/core/bytes";
import { STATE_TABLES } from "@noema/execution/tables";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CONFIG_FILE } from "../../config.ts";
import { makeFolder } from "../../files/make-folder.ts";
import { writeJson } from "../../files/write-file.ts";
import { initNode } from "../../init/init.ts";
import { createValidatorKey } from "../../keys/validator-key.ts";
import { newNetwork } from "../../network/cli/new.ts";
import { register } from "../../network/cli/register.ts";
import { DATADIR_VERSION } from "../../store/datadir-version.ts";
import { openStore } from "../../store/open-store.ts";
import { readChainSpec } from "../../wiring/genesis.ts";
import { command as db } from "../db/command.ts";
import { compactStores } from "../db/compact.ts";
import { command as doctor } from "../doctor/command.ts";
import { createSnapshot } from "./create.ts";
import { restoreSnapshot } from "./restore.ts";

let folder = "";
const at = (...names: string[]) => join(folder, ...names);
const code = (name: string) => expect.objectContaining({ code: name });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "noema-snapshot-"));
  createValidatorKey(at("alice"));
  await register({ datadir: at("alice"), name: "alice", address: "/ip4/203.0.113.7/tcp/9700", feeAddress: `0x${"1".repeat(40)}`, out: at("alice.json") }); // biome-ignore format: one line
  newNetwork({ validators: [at("alice.json")], chainId: 4242, name: "testnet", out: at("network.json") });
  await initNode(at("network.json"), { datadir: at("eve") });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function useRocksdb(): void {
  const path = at("eve", CONFIG_FILE);
  writeJson(path, { ...JSON.parse(readFileSync(path, "utf8")), store: "rocksdb" });
}

it("takes none where there is nothing, and none of RocksDB's stores", async () => {
  await expect(createSnapshot(at("eve"), at("out"))).rejects.toThrow(code("SNAPSHOT_NOTHING"));
  useRocksdb();
  await expect(createSnapshot(at("eve"), at("out"))).rejects.toThrow(code("SNAPSHOT_ENGINE"));
  await expect(compactStores(at("eve"))).rejects.toThrow(code("DB_ENGINE"));
  expect(readdirSync(folder)).not.toContain("out");
});

it("takes no folder that is there, nor one that another makes at the same time, and takes away only its own", async () => {
  for (const [name, tables] of Object.entries({ chain: Object.values(TABLES), state: STATE_TABLES }))
    await (await openStore("lmdb", at("eve"), name as "chain" | "state", tables)).close();
  const both = await Promise.allSettled([createSnapshot(at("eve"), at("out")), createSnapshot(at("eve"), at("out"))]);
  const codes = both.map((x) => (x.status === "rejected" ? x.reason.code : "taken"));
  expect(codes.sort()).toEqual(["CLI_OUTPUT_EXISTS", "SNAPSHOT_NOTHING"]); // one was first, and found no block
  await expect(createSnapshot(at("eve"), at("absent", "out"))).rejects.toThrow(code("FILE_UNWRITABLE"));
  makeFolder(at("out"));
  await expect(createSnapshot(at("eve"), at("out"))).rejects.toThrow(code("CLI_OUTPUT_EXISTS"));
  expect(readdirSync(folder)).toContain("out");
});

it("restores no other chain's, no other version's and nothing that is no snapshot", async () => {
  const genesisHash = to0x(readChainSpec(at("eve", "genesis.json")).hash);
  const file = { bytes: 1, sha256: `0x${"1".repeat(64)}` };
  const good = { snapshot: 1, version: DATADIR_VERSION, genesisHash, height: 9, executed: 9, oldest: 1, madeAt: "", files: { chain: file, state: file } }; // biome-ignore format: one line
  makeFolder(at("given"));
  const before = readdirSync(at("eve"));
  for (const [manifest, expected] of [
    [undefined, "SNAPSHOT_INVALID"],
    [{ ...good, height: -1 }, "SNAPSHOT_INVALID"],
    [{ ...good, madeAt: "x".repeat(1 << 16) }, "SNAPSHOT_INVALID"],
    [{ ...good, version: DATADIR_VERSION + 1 }, "SNAPSHOT_OTHER_VERSION"],
    [{ ...good, genesisHash: `0x${"2".repeat(64)}` }, "SNAPSHOT_OTHER_CHAIN"],
    [good, "SNAPSHOT_INVALID"], // its files are missing
    [{ ...good, files: { chain: file, state: { ...file, bytes: 2 ** 52 } } }, "CLI_DISK_FULL"],
  ] as const) {
    if (manifest !== undefined) writeJson(at("given", "manifest.json"), manifest);
    await expect(restoreSnapshot(at("given"), at("eve"))).rejects.toThrow(code(expected));
  }
  expect(readdirSync(at("eve")).filter((x) => x !== "lock")).toEqual(before.filter((x) => x !== "lock"));
});

it.runIf(existsSync("/dev/zero"))("copies no more of a snapshot's file than its manifest says", async () => {
  const genesisHash = to0x(readChainSpec(at("eve", "genesis.json")).hash);
  const file = { bytes: 1 << 20, sha256: `0x${"1".repeat(64)}` };
  makeFolder(at("given"));
  for (const name of ["chain.mdb", "state.mdb"]) symlinkSync("/dev/zero", at("given", name));
  writeJson(at("given", "manifest.json"), { snapshot: 1, version: DATADIR_VERSION, genesisHash, height: 9, executed: 9, oldest: 1, madeAt: "", files: { chain: file, state: file } }); // biome-ignore format: one line
  await expect(restoreSnapshot(at("given"), at("eve"))).rejects.toThrow(code("SNAPSHOT_INVALID"));
  expect(readdirSync(at("eve"))).not.toContain("restoring");
});

it("db check ends with a code where a store stands alone, doctor where a port is nobody's", async () => {
  const chain = await openStore("lmdb", at("eve"), "chain", Object.values(TABLES));
  await chain.close();
  await expect(db().parseAsync(["check", "--datadir", at("eve")], { from: "user" })).rejects.toThrow(code("DB_DAMAGED"));
  const host = ["--rpc-host", "192.0.2.1"]; // of documentation: no machine has it
  await expect(doctor().parseAsync(["--datadir", at("eve"), ...host], { from: "user" })).rejects.toThrow(code("DOCTOR_FOUND"));
});
