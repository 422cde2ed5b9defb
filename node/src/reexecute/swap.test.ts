import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8 } from "@noema/core/bytes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type StoreEngine } from "../store/open-store.ts";
import { removeState, replaceState } from "./swap.ts";

let datadir: string;
beforeEach(() => {
  datadir = mkdtempSync(join(tmpdir(), "noema-swap-"));
});
afterEach(() => rmSync(datadir, { recursive: true }));

const KEY = utf8("k");

async function write(engine: StoreEngine, folder: string, value: string): Promise<void> {
  const store = await openStore(engine, folder, "state", ["t"]);
  await store.write([{ table: "t", key: KEY, value: utf8(value) }], true);
  await store.close();
}

async function read(engine: StoreEngine): Promise<string | undefined> {
  const store = await openStore(engine, datadir, "state", ["t"]);
  const snapshot = store.snapshot();
  const value = snapshot.get("t", KEY)?.slice();
  snapshot.close();
  await store.close();
  return value && new TextDecoder().decode(value);
}

describe.each(["lmdb", "rocksdb"] as const)("%s", (engine) => {
  it("the new state stands in the old one's place, and nothing else is left", async () => {
    const scratch = join(datadir, "reexecute");
    await write(engine, datadir, "old");
    await write(engine, scratch, "new");
    replaceState(engine, scratch, datadir);
    expect(existsSync(scratch)).toBe(false);
    expect(readdirSync(datadir)).toEqual([engine === "lmdb" ? "state.mdb" : "state.rocksdb"]);
    expect(await read(engine)).toBe("new");
  });

  it("where there was none as well", async () => {
    const scratch = join(datadir, "reexecute");
    await write(engine, scratch, "new");
    replaceState(engine, scratch, datadir);
    expect(await read(engine)).toBe("new");
  });

  it("a state that is removed is gone, and one that is not there as well", async () => {
    await write(engine, datadir, "old");
    removeState(engine, datadir);
    removeState(engine, datadir);
    expect(await read(engine)).toBeUndefined();
  });
});
