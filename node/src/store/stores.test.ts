import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { utf8 } from "@noema/core/bytes";
import { kvStoreCompliance } from "@noema/core/testing/compliance/kv-store";
import { describe, expect, it } from "vitest";
import { openStore, type StoreEngine, storePath } from "./open-store.ts";

const ENGINES: readonly StoreEngine[] = ["lmdb", "rocksdb"];

for (const engine of ENGINES)
  kvStoreCompliance(engine, async () => {
    const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
    return {
      open: () => openStore(engine, folder, "chain"),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });

describe.each(ENGINES)("%s", (engine) => {
  it("refuses a place where something else stands, and keys that it cannot hold", async () => {
    const folder = mkdtempSync(join(tmpdir(), "noema-store-"));
    if (engine === "lmdb") mkdirSync(storePath(engine, folder, "taken"));
    else writeFileSync(storePath(engine, folder, "taken"), "not a store");
    await expect(openStore(engine, folder, "taken")).rejects.toMatchObject({ code: "STORE_FAILED" });
    const store = await openStore(engine, folder, "chain");
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
    const store = await openStore(engine, folder, "chain");
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
    await (await openStore(engine, folder, "chain")).close();
    const other = engine === "lmdb" ? "rocksdb" : "lmdb";
    await expect(openStore(other, folder, "chain")).rejects.toMatchObject({
      code: "STORE_OTHER_ENGINE",
      data: { path: storePath(engine, folder, "chain") },
    });
    await (await openStore(engine, folder, "chain")).close();
    rmSync(folder, { recursive: true });
  });

  it("says which file fails", async () => {
    const file = fileURLToPath(import.meta.url); // a file where a folder is needed
    await expect(openStore(engine, file, "chain")).rejects.toMatchObject({ code: "FILE_UNWRITABLE", data: { path: file } });
  });
});
