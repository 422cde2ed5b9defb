import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { utf8 } from "@noema/core/bytes";
import { COMPLIANCE_TABLES, kvStoreCompliance } from "@noema/core/testing/compliance/kv-store";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { open } from "lmdb";
import { describe, expect, it } from "vitest";
import { createShelter, endOutside } from "../threads/shelter.ts";
import { openReader, openStore, type StoreEngine, storePath } from "./open-store.ts";

const SEED = process.env.SEED ?? "stores";
process.stdout.write(`seed: ${SEED}\n`);
const ENGINES: readonly StoreEngine[] = ["lmdb", "rocksdb"];
const TABLES = ["a", "b", "t"];

for (const engine of ENGINES)
  kvStoreCompliance(engine, async () => {
    const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
    return {
      open: () => openStore(engine, folder, "chain", COMPLIANCE_TABLES),
      openReader,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });

describe.each(ENGINES)("%s", (engine) => {
  it("refuses a place where something else stands, and keys that it cannot hold", async () => {
    const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
    if (engine === "lmdb") mkdirSync(storePath(engine, folder, "taken"));
    else writeFileSync(storePath(engine, folder, "taken"), "not a store");
    await expect(openStore(engine, folder, "taken", TABLES)).rejects.toMatchObject({ code: "STORE_FAILED" });
    const store = await openStore(engine, folder, "chain", TABLES);
    const value = utf8("value");
    const write = async (table: string, key: string) => store.write([{ table, key: utf8(key), value }], false);
    const refused = { code: "STORE_KEY_INVALID" };
    await expect(write("t", "")).rejects.toMatchObject(refused);
    await expect(write("t", "k".repeat(256))).rejects.toMatchObject(refused);
    await expect(write("", "key")).rejects.toMatchObject(refused);
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it("reads ranges of several pages both ways while other reads go on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
    const store = await openStore(engine, folder, "chain", TABLES);
    const keys = Array.from({ length: 700 }, (_, i) => utf8(String(i).padStart(4, "0")));
    await store.write(
      keys.map((key) => ({ table: "t", key, value: key })),
      false,
    );
    const snapshot = store.snapshot();
    for (const reverse of [false, true]) {
      const got: string[] = [];
      for (const [key] of snapshot.range("t", utf8("0"), utf8("9"), 650, reverse)) {
        got.push(Buffer.from(key).toString());
        snapshot.get("t", keys[350] as Uint8Array);
      }
      const want = keys.map((k) => Buffer.from(k).toString());
      expect(got).toEqual((reverse ? want.reverse() : want).slice(0, 650));
    }
    snapshot.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is not begun beside the other engine's", async () => {
    const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
    await (await openStore(engine, folder, "chain", TABLES)).close();
    const other = engine === "lmdb" ? "rocksdb" : "lmdb";
    await expect(openStore(other, folder, "chain", TABLES)).rejects.toMatchObject({
      code: "STORE_OTHER_ENGINE",
      data: { path: storePath(engine, folder, "chain") },
    });
    await (await openStore(engine, folder, "chain", TABLES)).close();
    rmSync(folder, { recursive: true });
  });

  it("says which file fails", async () => {
    const file = fileURLToPath(import.meta.url); // a file where a folder is needed
    await expect(openStore(engine, file, "chain", TABLES)).rejects.toMatchObject({ code: "FILE_UNWRITABLE", data: { path: file } });
  });
});

it("holds of a store of one tree, as versions before wrote it, that it is one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
  const path = storePath("lmdb", folder, "chain");
  const old = open<Buffer, Buffer>({ path, noSubdir: true, encoding: "binary", keyEncoding: "binary" });
  await old.put(Buffer.from("\u0001ak"), Buffer.from("value"));
  await old.close();
  await expect(openStore("lmdb", folder, "chain", TABLES)).rejects.toMatchObject({ code: "STORE_OLD_LAYOUT", data: { path } });
  rmSync(folder, { recursive: true });
});

it("has of LMDB rows in order, out of order and behind deleted ones, over a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
  const random = createSeededRandom(SEED);
  const model = new Map<string, string>();
  let store = await openStore("lmdb", folder, "chain", TABLES);
  for (let round = 0; round < 60; round++) {
    const ops = Array.from({ length: 20 }, (_, i) => {
      const [kind = 0, at = 0] = random.bytes(2);
      const key = Buffer.from(String(kind < 128 ? 1000 * round + i : 235 * at).padStart(6, "0")).toString("latin1");
      const value = kind % 4 === 0 ? null : Uint8Array.of(round, i);
      if (value === null) model.delete(key);
      else model.set(key, String(value));
      return { table: "t", key: utf8(key), value };
    });
    await store.write(ops, round % 5 === 0);
    if (round % 20 === 19) {
      await store.close();
      store = await openStore("lmdb", folder, "chain", TABLES);
    }
  }
  const snapshot = store.snapshot();
  const rows = [...snapshot.range("t", utf8("0"), utf8("~"), Number.MAX_SAFE_INTEGER)].map(([k, v]) => [
    Buffer.from(k).toString(),
    String(v),
  ]);
  expect(rows).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
  snapshot.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

it("lets another thread read LMDB while this one writes and its file grows, and goes on when that thread is ended", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
  const store = await openStore("lmdb", folder, "chain", TABLES);
  const shelter = createShelter();
  const start = async (data = { place: store.reader(), shelter: createShelter() }) => {
    const thread = new Worker(new URL("./testing/reading-thread.ts", import.meta.url), { workerData: data });
    await once(thread, "message");
    return thread;
  };
  let round = 0;
  const write = (filler: string) => {
    const value = utf8(String(++round));
    const keys = Array.from({ length: 200 }, (_, i) => ({ table: "a", key: utf8(`k${i}`), value }));
    return store.write([...keys, { table: "b", key: utf8(filler), value: new Uint8Array(1 << 20) }], true);
  };
  const ended = await start({ place: store.reader(), shelter });
  for (let i = 0; i < 5; i++) await write(`ended ${i}`);
  await endOutside(ended, shelter); // without looking, one in a hundred takes the process along
  const thread = await start();
  for (let i = 0; i < 30; i++) await write(`read ${i}`);
  const answer = once(thread, "message");
  thread.postMessage("end");
  const [seen] = await answer;
  expect(seen).toMatchObject({ torn: 0, backwards: 0, last: round });
  expect(seen.snapshots).toBeGreaterThan(1);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
