/** A bit that flips anywhere in a store's file, or a cut: the start or the read fails with a code, or what is read is as it was written. */
import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NoemaError } from "@noema/core/errors";
import type { KvOp, KvSnapshot } from "@noema/core/ports/kv-store";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "./open-store.ts";

const SEED = process.env.SEED ?? "damage";
process.stdout.write(`seed: ${SEED}\n`);
const random = createSeededRandom(SEED);
const TABLES = ["accounts", "blocks"];
const PLACES = Number(process.env.PLACES ?? 40);
const LAST = new Uint8Array(9).fill(255);
let folder = "";
let good: Buffer;
let rows: Map<string, string>;
/** Before the last commit: to there a file goes back that looks as if the machine had lost power. */
let before: Map<string, string>;

const hex = (x: Uint8Array) => Buffer.from(x).toString("hex");
const number = (below: number) => Buffer.from(random.bytes(6)).readUIntLE(0, 6) % below;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "noema-damage-"));
  const store = await openStore("lmdb", folder, "good", TABLES);
  for (let round = 0; round < 60; round++) {
    const ops: KvOp[] = Array.from({ length: 30 }, () => ({
      table: "accounts",
      key: random.bytes(4),
      value: random.bytes(20 + number(90)),
    }));
    ops.push({ table: "blocks", key: Uint8Array.of(0, round), value: random.bytes(number(20_000)) });
    if (round % 5 === 4) ops.push({ table: "blocks", key: Uint8Array.of(0, round - 3), value: null });
    if (round === 59) before = read(store.snapshot());
    await store.write(ops, round % 9 === 0);
  }
  rows = read(store.snapshot());
  await store.close();
  good = readFileSync(join(folder, "good.mdb"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** By ranges and by keys. */
function read(snapshot: KvSnapshot, names: Iterable<string> = []): Map<string, string> {
  const found = new Map<string, string>();
  for (const table of TABLES)
    for (const [key, value] of snapshot.range(table, new Uint8Array(0), LAST, 1e9)) found.set(`${table} ${hex(key)}`, hex(value));
  for (const name of names) {
    const [table, key] = name.split(" ") as [string, string];
    const value = snapshot.get(table, Buffer.from(key, "hex"));
    if ((value && hex(value)) !== found.get(name)) found.set(name, "otherwise by its key");
  }
  snapshot.close();
  return found;
}

/** "same", "other", or an error's code. */
async function opened(spoil: (bytes: Buffer) => Buffer): Promise<string> {
  const bytes = spoil(Buffer.from(good));
  writeFileSync(join(folder, "bad.mdb"), bytes);
  rmSync(join(folder, "bad.mdb-lock"), { force: true });
  try {
    const store = await openStore("lmdb", folder, "bad", TABLES);
    try {
      const found = read(store.snapshot(), [...rows.keys(), ...before.keys()]);
      await store.write([{ table: "accounts", key: LAST, value: LAST }], true);
      const isAs = (those: typeof rows) => found.size === those.size && [...those].every(([name, value]) => found.get(name) === value);
      return isAs(rows) ? "same" : isAs(before) ? "as before" : "other";
    } finally {
      await store.close();
    }
  } catch (error) {
    return (error as NoemaError).code;
  }
}

it("a flipped bit at many places", async () => {
  const seen: Record<string, number> = {};
  for (let i = 0; i < PLACES; i++) {
    const at = number(good.length);
    const bit = 1 << number(8);
    const result = await opened((bytes) => {
      bytes[at]! ^= bit;
      return bytes;
    });
    seen[result] = (seen[result] ?? 0) + 1;
    expect(["same", "STORE_CORRUPT"], `bit ${bit} at ${at}`).toContain(result);
  }
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  expect(seen.STORE_CORRUPT).toBeGreaterThan(PLACES / 4); // the rest: pages that are free, and what lies between rows
});

it("a flipped bit in the meta pages, and in what was flushed", async () => {
  const PAGE = 4096;
  for (let i = 0; i < PLACES; i++) {
    const at = number(168) + ([0, PAGE, PAGE / 2][i % 3] as number);
    const bit = 1 << number(8);
    const result = await opened((bytes) => {
      bytes[at]! ^= bit;
      return bytes;
    });
    expect(["same", "as before", "STORE_CORRUPT"], `bit ${bit} at ${at}`).toContain(result);
  }
});

it("what was flushed has another page size", async () => {
  expect(
    await opened((bytes) => {
      bytes[2048 + 48]! ^= 64;
      return bytes;
    }),
  ).toBe("STORE_CORRUPT");
});

it("cuts at many places", async () => {
  for (let i = 0; i < PLACES / 4; i++) {
    const length = number(good.length);
    expect(["same", "STORE_CORRUPT"], `cut to ${length}`).toContain(await opened((bytes) => bytes.subarray(0, Math.max(1, length))));
  }
});

it("a value that is changed under a running store is not answered", async () => {
  const path = join(folder, "live.mdb");
  copyFileSync(join(folder, "good.mdb"), path);
  const store = await openStore("lmdb", folder, "live", TABLES);
  const [name, value] = [...rows].find(([name]) => name.startsWith("accounts")) as [string, string];
  const fd = openSync(path, "r+");
  const wanted = Buffer.from(value, "hex");
  for (
    let at = good.indexOf(wanted);
    at >= 0;
    at = good.indexOf(wanted, at + 1) // also in pages that are free
  )
    writeSync(fd, Uint8Array.of((good[at] as number) ^ 4), 0, 1, at);
  closeSync(fd);
  const snapshot = store.snapshot();
  expect(() => snapshot.get("accounts", Buffer.from(name.split(" ")[1] as string, "hex"))).toThrow(
    expect.objectContaining({ code: "STORE_CORRUPT" }),
  );
  snapshot.close();
  await store.close();
});
