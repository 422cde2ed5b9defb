/** What every KvStore must do. */
// biome-ignore lint/correctness/noUndeclaredDependencies: the suite runs in the vitest of whoever calls it
import { describe, expect, it } from "vitest";
import { utf8 } from "../../bytes.ts";
import type { Bytes } from "../../ports/bytes.ts";
import type { KvOp, KvReader, KvReaderPlace, KvStore } from "../../ports/kv-store.ts";

/** What the suite writes to and reads from. */
export const COMPLIANCE_TABLES = ["a", "b", "c", "s", "t", "u", "none"];

/** Somewhere that keeps its contents: `open` after `close` gives the same store. */
export type StorePlace = {
  open(): Promise<KvStore>;
  remove(): Promise<void>;
  /** Where `KvStore.reader` gives a place. */
  openReader?(place: KvReaderPlace): KvReader;
};

const FIRST = Uint8Array.of(0);
const LAST = new Uint8Array(255).fill(255);
const put = (table: string, key: string | Bytes, value: string): KvOp => ({
  table,
  key: typeof key === "string" ? utf8(key) : key,
  value: utf8(value),
});
const del = (table: string, key: string): KvOp => ({ table, key: utf8(key), value: null });

export function kvStoreCompliance(name: string, create: () => Promise<StorePlace>): void {
  const test = (title: string, body: (store: KvStore, place: StorePlace) => Promise<void>) =>
    it(title, async () => {
      const place = await create();
      const store = await place.open();
      try {
        await body(store, place);
      } finally {
        await store.close();
        await place.remove();
      }
    });

  describe(`KvStore: ${name}`, () => {
    test("reads what was written, in its table only", async (store) => {
      await store.write([put("a", "k", "1"), put("b", "k", "2")], false);
      expect(get(store, "a", "k")).toBe("1");
      expect(get(store, "b", "k")).toBe("2");
      expect(get(store, "c", "k")).toBeUndefined();
      expect(get(store, "a", "kk")).toBeUndefined();
    });

    test("keeps empty values apart from absent ones, and deletes", async (store) => {
      await store.write([put("a", "empty", ""), put("a", "gone", "x")], false);
      await store.write([del("a", "gone"), del("a", "never")], false);
      expect(get(store, "a", "empty")).toBe("");
      expect(get(store, "a", "gone")).toBeUndefined();
    });

    test("lets the later operation on a key win", async (store) => {
      await store.write([put("a", "k", "1"), del("a", "k"), put("a", "k", "2"), put("a", "j", "1"), del("a", "j")], true);
      expect(get(store, "a", "k")).toBe("2");
      expect(get(store, "a", "j")).toBeUndefined();
    });

    test("applies writes in the order of their calls", async (store) => {
      const writes = Array.from({ length: 50 }, (_, i) => store.write([put("a", "k", String(i))], i % 7 === 0));
      await Promise.all(writes);
      expect(get(store, "a", "k")).toBe("49");
    });

    test("shows the newest commit in every new snapshot, also in one turn of the event loop", async (store) => {
      for (let i = 0; i < 5; i++) {
        await store.write([put("a", "k", String(i))], false);
        expect(get(store, "a", "k")).toBe(String(i));
      }
    });

    test("keeps a snapshot as it was", async (store) => {
      await store.write([put("a", "k", "old"), put("a", "l", "old")], false);
      const old = store.snapshot();
      await store.write([put("a", "k", "new"), del("a", "l"), put("a", "m", "new")], true);
      expect(text(old.get("a", utf8("k")))).toBe("old");
      expect(list(old.range("a", FIRST, LAST, 10))).toEqual([
        ["k", "old"],
        ["l", "old"],
      ]);
      const now = store.snapshot();
      expect(list(now.range("a", FIRST, LAST, 10))).toEqual([
        ["k", "new"],
        ["m", "new"],
      ]);
      old.close();
      now.close();
    });

    test("orders keys as unsigned bytes, of 1 to 255 bytes", async (store) => {
      const keys = [[0], [0, 0], [0, 1], [1], [9, 255], [10], [127], [128], [255], [255, 0]].map((k) => Uint8Array.from(k));
      keys.push(LAST);
      await store.write(
        [...keys].reverse().map((key) => ({ table: "t", key, value: key })),
        false,
      );
      const snapshot = store.snapshot();
      const got = [...snapshot.range("t", FIRST, LAST, 100)];
      expect(got.map(([k]) => [...k])).toEqual(keys.slice(0, -1).map((k) => [...k]));
      expect([...(snapshot.get("t", LAST) as Bytes)]).toEqual([...LAST]);
      snapshot.close();
    });

    test("ranges over [from, to) both ways, with a limit, inside the table", async (store) => {
      await store.write(
        ["a", "b", "c", "d"].flatMap((k) => [put("s", k, "other"), put("t", k, k.toUpperCase()), put("u", k, "other")]),
        false,
      );
      const s = store.snapshot();
      const keys = (from: string, to: string, limit: number, reverse?: boolean) =>
        list(s.range("t", utf8(from), utf8(to), limit, reverse))
          .map(([k]) => k)
          .join("");
      expect(keys("a", "d", 9)).toBe("abc");
      expect(keys("b", "z", 9)).toBe("bcd");
      expect(keys("aa", "cc", 9)).toBe("bc");
      expect(keys("a", "z", 2)).toBe("ab");
      expect(keys("a", "d", 9, true)).toBe("cba");
      expect(keys("b", "z", 2, true)).toBe("dc");
      expect(keys("aa", "cc", 9, true)).toBe("cb");
      expect(keys("b", "b", 9)).toBe("");
      expect(keys("c", "a", 9)).toBe("");
      expect(keys("a", "z", 0)).toBe("");
      expect(list(s.range("none", FIRST, LAST, 9))).toEqual([]);
      for (const [key] of s.range("t", FIRST, LAST, 9)) if (text(key) === "b") break; // an early end leaks nothing
      s.close();
    });

    test("does not alias the caller's bytes", async (store) => {
      const key = utf8("k");
      const value = utf8("value");
      const written = store.write([{ table: "a", key, value }], false);
      key.fill(0);
      value.fill(0);
      await written;
      expect(get(store, "a", "k")).toBe("value");
      const s = store.snapshot();
      (s.get("a", utf8("k")) as Bytes).fill(0);
      expect(text(s.get("a", utf8("k")))).toBe("value");
      s.close();
    });

    test("refuses keys of 0 and of 256 bytes, and then writes nothing of the batch", async (store) => {
      for (const bad of [new Uint8Array(0), new Uint8Array(256)])
        await expect(store.write([put("a", "k", "1"), { table: "a", key: bad, value: utf8("v") }], true)).rejects.toThrow();
      expect(get(store, "a", "k")).toBeUndefined();
    });

    test("keeps values of 1 MiB", async (store) => {
      const value = new Uint8Array(1 << 20).map((_, i) => i * 7);
      await store.write([{ table: "a", key: utf8("big"), value }], true);
      const s = store.snapshot();
      expect(Buffer.compare(s.get("a", utf8("big")) as Bytes, value)).toBe(0);
      s.close();
    });

    test("shows a reader, or its own thread where it has none, whole commits and never an older one while it writes", async (store, place) => {
      const at = store.reader();
      const reader = at === undefined ? store : (place.openReader as (place: KvReaderPlace) => KvReader)(at);
      const keys = Array.from({ length: 50 }, (_, i) => `k${i}`);
      let written = 0;
      let seen = 0;
      let goesOn = true;
      const writing = (async () => {
        for (let i = 1; goesOn; i++) {
          await store.write(
            keys.map((key) => put("a", key, String(i))),
            i % 3 === 0,
          );
          written = i;
          await turn();
        }
      })();
      for (let round = 0; round < 30 || seen < 10; round++) {
        await turn();
        const least = written;
        const snapshot = reader.snapshot();
        const first = Number(text(snapshot.get("a", utf8("k0"))) ?? 0);
        const others = new Set(list(snapshot.range("a", FIRST, LAST, 500)).map(([, value]) => Number(value)));
        snapshot.close();
        expect(first).toBeGreaterThanOrEqual(Math.max(least, seen));
        expect([...others]).toEqual(first === 0 ? [] : [first]);
        seen = first;
      }
      goesOn = false;
      await writing;
      if (at !== undefined) await reader.close();
      expect(get(store, "a", "k0")).toBe(String(written));
    });

    it("has everything again after close and open", async () => {
      const place = await create();
      const store = await place.open();
      await store.write([put("a", "k", "1")], true);
      await store.write([put("a", "l", "2")], false);
      await store.close();
      const again = await place.open();
      expect(get(again, "a", "k")).toBe("1");
      expect(get(again, "a", "l")).toBe("2");
      await again.close();
      await place.remove();
    });
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function get(store: KvStore, table: string, key: string): string | undefined {
  const snapshot = store.snapshot();
  const value = text(snapshot.get(table, utf8(key)));
  snapshot.close();
  return value;
}

function text(bytes: Bytes | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}

function list(entries: Iterable<[Bytes, Bytes]>): (string | undefined)[][] {
  return [...entries].map(([k, v]) => [text(k), text(v)]);
}
