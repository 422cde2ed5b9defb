import { expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { kvStoreCompliance } from "./compliance/kv-store.ts";
import { createMemoryStore } from "./memory-store.ts";

kvStoreCompliance("memory", async () => {
  const store = createMemoryStore();
  return {
    async open() {
      store.reopen();
      return store;
    },
    async remove() {},
  };
});

it("a crash undoes exactly what no durable write covered", async () => {
  const store = createMemoryStore();
  const op = (key: string, value: string | null) => ({ table: "t", key: utf8(key), value: value === null ? null : utf8(value) });
  await store.write([op("a", "1"), op("b", "1")], false);
  await store.write([op("c", "1")], true);
  await store.write([op("a", "2"), op("b", null), op("d", "2")], false);
  const before = store.snapshot();
  store.crash();
  const after = store.snapshot();
  const keys = (s: typeof after) => [...s.range("t", utf8("a"), utf8("z"), 9)].map(([k, v]) => `${Buffer.from(k)}${Buffer.from(v)}`);
  expect(keys(after)).toEqual(["a1", "b1", "c1"]);
  expect(keys(before)).toEqual(["a2", "c1", "d2"]);
});

it("refuses writes on demand and keeps nothing of them", async () => {
  const store = createMemoryStore();
  store.failWrites(new Error("disk full"));
  await expect(store.write([{ table: "t", key: utf8("a"), value: utf8("1") }], true)).rejects.toThrow("disk full");
  expect(store.snapshot().get("t", utf8("a"))).toBeUndefined();
});
