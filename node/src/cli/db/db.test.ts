/** Stores of a node's layout, compacted and counted; damage in each is found and told by its place. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { u64be } from "@noema/core/bytes";
import { afterEach, beforeEach, expect, it } from "vitest";
import { copyLmdb, lmdbStats } from "../../store/lmdb-copy.ts";
import { openStore, storePath } from "../../store/open-store.ts";
import { shownStats } from "./stats.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "noema-db-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TABLES = ["a", "b"];
const rows = (from: number, to: number, value: Uint8Array | null) =>
  Array.from({ length: to - from }, (_, i) => ({ table: "a", key: u64be(from + i), value }));

it("a copy beside a writer is of one moment, smaller by what is free, and holds every row", async () => {
  const store = await openStore("lmdb", folder, "chain", TABLES);
  const path = storePath("lmdb", folder, "chain");
  await store.write(rows(0, 2000, new Uint8Array(500)), true);
  await store.write(rows(0, 1900, null), true);
  const copy = storePath("lmdb", folder, "copy");
  const copying = copyLmdb(path, copy);
  const writing = store.write(rows(2000, 2100, new Uint8Array(500)), true);
  await Promise.all([copying, writing]);
  const stats = await lmdbStats(path, TABLES);
  expect(stats.tables.map(({ table, rows }) => [table, rows])).toEqual([
    ["a", 200],
    ["b", 0],
  ]);
  expect(stats.freeBytes).toBeGreaterThan(0);
  await store.close();
  expect(statSync(copy).size).toBeLessThan(statSync(path).size / 2);
  const read = await openStore("lmdb", folder, "copy", TABLES);
  const snapshot = read.snapshot();
  const held = [...snapshot.range("a", u64be(0), u64be(9999), 9999)].length;
  expect([100, 200]).toContain(held); // all of the second write, or nothing
  snapshot.close();
  await read.close();
});

it("tells what is no store", async () => {
  await expect(lmdbStats(join(folder, "none.mdb"), TABLES)).rejects.toMatchObject({ code: "STORE_FAILED" });
});

it("shows tables below their store", () => {
  const tables = [{ table: "chain_blocks", rows: 1234, bytes: 5000 }];
  const shown = shownStats({
    datadir: "d",
    stores: [{ store: "chain", path: "p", bytes: 9000, freeBytes: 4000, tables }],
    others: [{ name: "votes", bytes: 7 }],
  });
  expect(shown.split("\n").map((x) => x.trim().split(/ {2,}/))).toEqual([
    ["chain", "rows", "9,000"],
    ["chain_blocks", "1,234", "5,000"],
    ["free, taken by what comes", "4,000"],
    ["votes", "7"],
  ]);
});
