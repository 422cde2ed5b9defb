/** A damaged LMDB file ends the start with a code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NoemaError } from "@noema/core/errors";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guardLmdbFile } from "./lmdb-guard.ts";
import { openLmdbStore } from "./lmdb-store.ts";

const SEED = process.env.SEED ?? "lmdb guard";
process.stdout.write(`seed: ${SEED}\n`);
const random = createSeededRandom(SEED);
const TABLES = ["t"];
const PAGE = 4096;
const ROWS = 4 * 40;
let made = 0;
let folder = "";
let good: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "noema-lmdb-"));
  const store = openLmdbStore(join(folder, "good.mdb"), TABLES);
  for (let round = 0; round < 4; round++)
    await store.write(
      Array.from({ length: 40 }, (_, i) => ({ table: "t", key: Uint8Array.of(round, i), value: random.bytes(30_000) })),
      true,
    );
  await store.close();
  good = readFileSync(join(folder, "good.mdb"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** "whole" or an error's code. What the guard misses ends this process. */
async function opened(spoil: (bytes: Buffer) => void, length?: number): Promise<string> {
  const path = join(folder, `bad-${made++}.mdb`);
  const bytes = Buffer.from(good);
  spoil(bytes);
  writeFileSync(path, bytes.subarray(0, length));
  try {
    const store = openLmdbStore(path, TABLES);
    const snapshot = store.snapshot();
    const rows = [...snapshot.range("t", new Uint8Array(0), new Uint8Array(9).fill(255), 1e9)].length;
    snapshot.close();
    await store.close();
    return rows === ROWS ? "whole" : `${rows} rows`;
  } catch (error) {
    return (error as NoemaError).code;
  }
}

it("opens what is whole", async () => {
  expect(await opened(() => {})).toBe("whole");
});

it("random bytes in a meta page, in both, everywhere: STORE_CORRUPT", async () => {
  for (const [
    from,
    to,
  ] of [[0, PAGE], [PAGE, 2 * PAGE], [0, 2 * PAGE], [0, good.length], [0, 200], [24, 160], [PAGE + 24, PAGE + 160]] as const) // biome-ignore format: places
    expect(await opened((bytes) => bytes.set(random.bytes(to - from), from)), `${from} to ${to}`).toBe("STORE_CORRUPT");
});

it("cut short", async () => {
  for (const length of [1, 100, PAGE, PAGE + 50, 2 * PAGE, 3 * PAGE, good.length >> 2, good.length >> 1])
    expect(await opened(() => {}, length), `cut to ${length}`).toBe("STORE_CORRUPT");
});

it("reads the pages of a file up to the size that it is told, and of a larger one none", () => {
  const path = join(folder, "inner.mdb");
  const bytes = Buffer.from(good);
  for (let at = 2 * PAGE; at < bytes.length; at += PAGE) bytes.fill(0xff, at + 18, at + 24); // kind and bounds of each page
  writeFileSync(path, bytes);
  guardLmdbFile(path, bytes.length - 1);
  expect(() => guardLmdbFile(path, bytes.length)).toThrow(expect.objectContaining({ code: "STORE_CORRUPT" }));
});
