/** Changes of blocks against a model, with ids that look alike in short; their rows as bytes, and with damage. */
import { concatBytes, toHex } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import type { Bytes } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { ROW_BYTES } from "../row-bytes.ts";
import { CHANGES, HISTORY } from "../tables.ts";
import { type Change, changeAbove, changeOps, changesOf, changesSince, forgetOps } from "./changes.ts";

const SEED = process.env.SEED ?? "changes";
process.stdout.write(`seed: ${SEED}\n`);
const random = createSeededRandom(SEED);
const int = (n: number) => (random.bytes(1)[0] as number) % n;
const HEIGHTS = 12;

/** Of 40 accounts and 40 slots of two owners, four and four of which share what their short ids hold. */
const ids = Array.from({ length: 80 }, (_, i) => {
  const alike = concatBytes(new Uint8Array(8).fill(i >> 2), Uint8Array.of(i), random.bytes(23));
  return i < 40 ? concatBytes(Uint8Array.of(0), alike) : concatBytes(Uint8Array.of(1), new Uint8Array(20).fill(i & 1), alike);
});

it("finds what the first block above a height found, for each of many ids that look alike, until it is let go of", async () => {
  const kv = createMemoryStore();
  const model: Map<string, Bytes | undefined>[] = [new Map()];
  for (let height = 1; height <= HEIGHTS; height++) {
    const changed = ids
      .filter(() => int(3) > 0)
      .map((id): Change => ({ id, before: int(4) === 0 ? undefined : random.bytes(1 + int(110)) }));
    model.push(new Map(changed.map(({ id, before }) => [toHex(id), before])));
    await kv.write(changeOps(height, changed), true);
    const snapshot = kv.snapshot();
    const sorted = changed.toSorted((a, b) => Buffer.compare(a.id, b.id));
    expect([...changesOf(snapshot, height)]).toEqual(sorted);
    for (const [, row] of snapshot.range(CHANGES, Uint8Array.of(0), Uint8Array.of(255), 1e6))
      expect(row.length).toBeLessThanOrEqual(ROW_BYTES);
    snapshot.close();
  }
  const snapshot = kv.snapshot();
  for (let height = 0; height <= HEIGHTS; height++)
    for (const id of ids) {
      const first = model.slice(height + 1).find((changed) => changed.has(toHex(id)));
      expect(changeAbove(snapshot, id, height)).toEqual(first && { id, before: first.get(toHex(id)) });
    }
  for (const owner of [new Uint8Array(0), new Uint8Array(20).fill(1)]) {
    const since = [...changesSince({ snapshot, height: 4, head: HEIGHTS }, owner, 2).values()].flat();
    const own = ids.filter((id) => (owner.length === 0 ? id[0] === 0 : id[0] === 1 && id[1] === 1));
    const wanted = own.flatMap((id) => changeAbove(snapshot, id, 4) ?? []);
    const byId = (a: Change, b: Change) => Buffer.compare(a.id, b.id);
    expect(since.map(({ id, before }) => ({ id, before })).sort(byId)).toEqual(wanted.sort(byId));
  }
  for (let height = 1; height <= HEIGHTS; height++) await kv.write(forgetOps(snapshot, height), true);
  snapshot.close();
  const after = kv.snapshot();
  for (const table of [CHANGES, HISTORY]) expect([...after.range(table, Uint8Array.of(0), Uint8Array.of(255), 1e6)]).toEqual([]);
  after.close();
});

it("writes these bytes", () => {
  const account = concatBytes(Uint8Array.of(0), new Uint8Array(32).fill(0xaa));
  const slot = concatBytes(Uint8Array.of(1), new Uint8Array(20).fill(0xbb), new Uint8Array(32).fill(0xcc));
  const ops = changeOps(0x0102, [
    { id: slot, before: undefined },
    { id: account, before: Uint8Array.of(7, 8) },
  ]);
  const id = [`00${"aa".repeat(32)}`, `01${"bb".repeat(20)}${"cc".repeat(32)}`];
  const at = "0000000000000102";
  expect(ops.map(({ table, key, value }) => [table, toHex(key), toHex(value as Bytes)])).toEqual([
    ["history", `00${"aa".repeat(8)}${at}`, ""],
    ["history", `01${"bb".repeat(4)}${"cc".repeat(8)}${at}`, ""],
    ["changes", `${at}${id[0]}`, `${id[0]}020708${id[1]}00`],
  ]);
});

it("a row with random bytes is read as some changes, or is STATE_CORRUPT", async () => {
  for (let round = 0; round < 300; round++) {
    const kv = createMemoryStore();
    await kv.write([{ table: CHANGES, key: new Uint8Array(9), value: random.bytes(1 + int(200)) }], true);
    const snapshot = kv.snapshot();
    try {
      for (const { id } of changesOf(snapshot, 0)) expect([33, 53]).toContain(id.length);
    } catch (error) {
      expect(isNoemaError(error, "STATE_CORRUPT")).toBe(true);
    }
    snapshot.close();
  }
});
