/** Roots of flat values against those that commits gave; a bit of any value is found. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { createMemoryStore } from "@noema/core/testing/memory-store";
import { expect, it } from "vitest";
import { ACCOUNTS, CODE, SLOTS } from "../tables.ts";
import { EMPTY_ROOT } from "../trie/node.ts";
import { commitDiff } from "./commit.ts";
import { flatFaults } from "./flat-roots.ts";
import { createFlatState } from "./reader.ts";
import { createRoots } from "./roots.ts";
import { createInt, type Model, randomDiff } from "./testing/random-state.ts";

it.each([21, 22])("finds nothing in what was committed, and each bit that is another (seed %i)", async (seed) => {
  const int = createInt(seed);
  const kv = createMemoryStore();
  const roots = createRoots(EMPTY_ROOT, 60);
  const model: Model = new Map();
  let root: Hash = EMPTY_ROOT;
  for (let height = 0; height < 12; height++) {
    const snapshot = kv.snapshot();
    const { ops, stateRoot } = commitDiff(
      snapshot,
      roots,
      height,
      randomDiff(int, model, createFlatState(snapshot, height - 1, height - 1)),
    );
    await kv.write(ops, true);
    snapshot.close();
    roots.settle(stateRoot, true);
    root = stateRoot;
  }
  const faults = () => {
    const snapshot = kv.snapshot();
    try {
      return [...flatFaults(snapshot, root)];
    } catch (error) {
      return [(error as { code: string }).code];
    } finally {
      snapshot.close();
    }
  };
  expect(faults()).toEqual([]);
  for (const table of [ACCOUNTS, SLOTS, CODE]) {
    const snapshot = kv.snapshot();
    const rows = [...snapshot.range(table, new Uint8Array(1), new Uint8Array(64).fill(255), 1000)].map(
      ([k, v]) => [k.slice(), v.slice()] as [Bytes, Bytes],
    );
    snapshot.close();
    for (const [key, value] of rows.filter(([, v]) => v.length > 0)) {
      const other = value.slice();
      other[int(other.length)]! ^= 1 << int(8);
      await kv.write([{ table, key, value: other }], true);
      expect(faults(), `${table} ${Buffer.from(key).toString("hex")}`).not.toEqual([]);
      await kv.write([{ table, key, value }], true);
    }
    if (table !== CODE) expect(rows.length).toBeGreaterThan(0);
  }
  expect(faults()).toEqual([]);
});
