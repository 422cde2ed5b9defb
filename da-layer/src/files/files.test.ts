/** Files over objects in memory: what is written is read, whole and by range, through one level of manifests and two, within the window. */
import { setImmediate } from "node:timers/promises";
import { fromHex, to0x, ZERO_HASH } from "@noema/core/bytes";
import { sha256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunked } from "../testing/blob-lanes.ts";
import { createObjectStore } from "../testing/object-store.ts";
import { encodeListing } from "./listing.ts";
import { decodeManifest, encodeManifest, MAGIC, piecesPerManifest } from "./manifest.ts";
import { collect } from "./pieces.ts";
import { createFileReader } from "./read-file.ts";
import { type WriteProgress, writeFile } from "./write-file.ts";

/** Three pieces in a manifest. */
const OBJECT = 600;
const { signal } = new AbortController();
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
const fileOf = (bytes: Uint8Array, size = 77) => chunked(bytes, size);

it("three pieces fit a manifest here", () => expect(piecesPerManifest(OBJECT)).toBe(3));

describe("a file", () => {
  it.each([
    ["one object", 1, 1],
    ["one object, full", 600, 1],
    ["two objects and a manifest", 601, 3],
    ["three, and a manifest that is full", 1800, 4],
    ["four, two parts and a manifest", 1801, 7],
    ["nine, three parts and a manifest", 5400, 13],
  ])("is %s", async (_, length, objects) => {
    const store = createObjectStore(OBJECT, () => setImmediate());
    const written = await writeFile(store, fileOf(bytesOf(length)));
    expect([written.objects, written.bytes, store.objects.size]).toEqual([objects, length, objects]);
    const reader = createFileReader(store);
    const file = await reader.open(written.id, signal);
    expect(file.bytes).toBe(length);
    expect(await collect(reader.read(file, 0, length, signal))).toEqual(bytesOf(length));
    if (objects > 1) expect(file.manifest?.sha256).toEqual(sha256(bytesOf(length)));
  });

  it("of more than two levels is refused", async () => {
    await expect(writeFile(createObjectStore(OBJECT), fileOf(bytesOf(5401)))).rejects.toMatchObject({ code: "DA_TOO_LARGE" });
  });

  it("has any range", async () => {
    const bytes = bytesOf(4321);
    const store = createObjectStore(OBJECT, () => setImmediate());
    const reader = createFileReader(store);
    const file = await reader.open((await writeFile(store, fileOf(bytes))).id, signal);
    await fc.assert(
      fc.asyncProperty(fc.nat(4321), fc.nat(5000), async (from, to) => {
        expect(await collect(reader.read(file, from, to, signal))).toEqual(bytes.subarray(from, to));
      }),
      { numRuns: 60 },
    );
  });

  it("that begins as a manifest does, or has a name, or is empty, gets a manifest of its own", async () => {
    const store = createObjectStore(OBJECT);
    const reader = createFileReader(store);
    for (const [bytes, facts] of [
      [new Uint8Array([...MAGIC, 1, 2, 3]), {}],
      [encodeManifest({ ...decodedExample, entries: [] }), {}],
      [bytesOf(3), { name: "x.txt", contentType: "text/plain" }],
      [new Uint8Array(), {}],
    ] as const) {
      const { id } = await writeFile(store, fileOf(bytes), facts);
      const file = await reader.open(id, signal);
      expect(await collect(reader.read(file, 0, file.bytes, signal))).toEqual(bytes);
      expect(file.manifest).toMatchObject({ kind: "file", sha256: sha256(bytes), ...facts });
    }
  });

  it("tells its id before its last object is kept, and how far it is", async () => {
    const store = createObjectStore(OBJECT, () => setImmediate());
    const seen: (WriteProgress & { kept: number })[] = [];
    const { id } = await writeFile(store, fileOf(bytesOf(1500)), {}, (x) => seen.push({ ...x, kept: store.objects.size }));
    expect(seen.map((x) => [x.objects, x.bytes])).toEqual([
      [1, 600],
      [2, 1200],
      [3, 1500],
      [3, 1500],
      [4, 1500],
    ]);
    expect(seen[3]).toMatchObject({ id, kept: 3 });
  });

  it("is written and read with three objects under way, whatever their order", async () => {
    const waits = fc.sample(fc.nat(9), { numRuns: 200, seed: 11 });
    const store = createObjectStore(OBJECT, async () => {
      for (let turns = waits.pop() ?? 0; turns >= 0; turns--) await setImmediate();
    });
    const bytes = bytesOf(5000);
    const { id } = await writeFile(store, fileOf(bytes));
    const reader = createFileReader(store);
    const file = await reader.open(id, signal);
    expect(await collect(reader.read(file, 0, 5000, signal))).toEqual(bytes);
    expect(store.most).toEqual({ published: 3, read: 3 });
  });

  it("fetches one object for a reader that has taken none, and more from then on", async () => {
    const store = createObjectStore(OBJECT);
    const { id } = await writeFile(store, fileOf(bytesOf(5000)));
    const reader = createFileReader(store);
    let fetched = 0;
    const counting = createFileReader({ ...store, read: (...at) => (at[1] === 0 && at[2] === OBJECT ? counted(at) : store.read(...at)) });
    async function* counted(at: Parameters<typeof store.read>) {
      fetched++;
      yield* store.read(...at);
    }
    const body = counting.read(await reader.open(id, signal), 0, 5000, signal)[Symbol.asyncIterator]();
    await body.next();
    await setImmediate();
    expect(fetched).toBe(1);
    for (let taken = 100; taken <= OBJECT; taken += 100) await body.next();
    expect(fetched).toBe(4);
    await body.return?.();
  });

  it("ends with the sink's error, and refuses facts before it publishes", async () => {
    const store = createObjectStore(OBJECT);
    let published = 0;
    const failing = {
      ...store,
      publish: async (payload: Bytes) => (++published === 3 ? Promise.reject(new Error("full")) : store.publish(payload)),
    };
    await expect(writeFile(failing, fileOf(bytesOf(3000)))).rejects.toThrow("full");
    published = 0;
    await expect(writeFile(failing, fileOf(bytesOf(3000)), { name: "../x" })).rejects.toMatchObject({ code: "DA_MANIFEST_INVALID" });
    expect(published).toBe(0);
  });

  it("stops fetching when its reader leaves", async () => {
    const store = createObjectStore(OBJECT, () => setImmediate());
    const reader = createFileReader(store);
    const file = await reader.open((await writeFile(store, fileOf(bytesOf(1700)))).id, signal);
    const seen: AbortSignal[] = [];
    const watched = createFileReader({
      ...store,
      read: (id, from, to, s) => {
        seen.push(s);
        return store.read(id, from, to, s);
      },
    });
    let taken = 0;
    for await (const chunk of watched.read(file, 0, file.bytes, signal)) {
      taken += chunk.length;
      if (taken > OBJECT) break;
    }
    expect(seen.map((s) => s.aborted)).toEqual([true, true, true]);
  });
});

const decodedExample = { kind: "file", depth: 0, bytes: 0, sha256: ZERO_HASH, contentType: "a/b", name: "" } as const;

describe("a manifest that lies", () => {
  const publish = async (change: (manifest: ReturnType<typeof decodeManifest>) => Bytes) => {
    const store = createObjectStore(OBJECT);
    const { id } = await writeFile(store, fileOf(bytesOf(2400)));
    const top = decodeManifest(store.objects.get(to0x(id))!);
    const lie = (await store.publish(change(top))).id;
    const reader = createFileReader(store);
    return { store, reader, lie, top };
  };

  it("of a part's bytes, or of an object's, is found out", async () => {
    for (const level of ["part", "object"] as const) {
      const { reader, lie } = await publish((top) => {
        const [first, second] = top.entries as [(typeof top.entries)[0], (typeof top.entries)[0]];
        const entries = [
          { ...first, bytes: first.bytes + 1 },
          { ...second, bytes: second.bytes - 1 },
        ];
        if (level === "part") return encodeManifest({ ...top, entries });
        return encodeManifest({ ...top, depth: 0, entries }); // a part's payload is shorter than what it stands for
      });
      const file = await reader.open(lie, signal);
      await expect(collect(reader.read(file, 0, file.bytes, signal))).rejects.toMatchObject({ code: "DA_MANIFEST_INVALID" });
    }
  });

  it("or is only a part is refused when it is opened", async () => {
    const { reader, top } = await publish((x) => encodeManifest(x));
    await expect(reader.open(top.entries[0]!.id, signal)).rejects.toThrow(/is a part of a larger/);
  });
});

describe("a directory", () => {
  it("has its files by path, which may share an object", async () => {
    const store = createObjectStore(OBJECT);
    const shared = await writeFile(store, fileOf(bytesOf(500)));
    const large = await writeFile(store, fileOf(bytesOf(1300)));
    const listing = encodeListing([
      { path: "a/one", bytes: 200, id: shared.id, offset: 0 },
      { path: "a/two", bytes: 300, id: shared.id, offset: 200 },
      { path: "large", bytes: 1300, id: large.id, offset: 0 },
      { path: "none", bytes: 0, id: ZERO_HASH, offset: 0 },
      { path: "wrong", bytes: 301, id: shared.id, offset: 200 },
    ]);
    const { id } = await writeFile(store, fileOf(listing), { kind: "directory", name: "set" });
    const reader = createFileReader(store);
    const directory = await reader.open(id, signal);
    expect((await reader.list(directory, signal)).map((x) => x.path)).toEqual(["a/one", "a/two", "large", "none", "wrong"]);
    const read = async (path: string, from = 0, to = 9999) =>
      collect(reader.read(await reader.openPath(directory, path, signal), from, to, signal));
    expect(await read("a/two")).toEqual(bytesOf(500).subarray(200));
    expect(await read("a/one", 150)).toEqual(bytesOf(500).subarray(150, 200));
    expect(await read("large", 590, 610)).toEqual(bytesOf(1300).subarray(590, 610));
    expect(await read("none")).toHaveLength(0);
    await expect(read("a")).rejects.toMatchObject({ code: "DA_PATH_UNKNOWN" });
    await expect(read("wrong")).rejects.toMatchObject({ code: "DA_LISTING_INVALID" });
    await expect(reader.list(await reader.open(large.id, signal), signal)).rejects.toMatchObject({ code: "DA_PATH_UNKNOWN" });
    await expect(reader.open(fromHex("11".repeat(32)), signal)).rejects.toMatchObject({ code: "DA_NOT_FOUND" });
  });
});
