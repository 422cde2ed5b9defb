import { expect, it } from "vitest";
import { createMemoryFolder } from "../testing/blob-lanes.ts";
import { createRowStore } from "./row-store.ts";

it("keeps one log a bucket and drops whole buckets and stray dispersals", async () => {
  const folder = createMemoryFolder();
  const names = async () => (await folder.list()).sort();
  const store = createRowStore(folder, 100, () => 0);
  const at = await store.append(store.bucketOf(150), Uint8Array.of(1));
  await store.append(store.bucketOf(250), Uint8Array.of(2));
  await store.openDispersal(7);
  await store.openDispersal(8);
  expect(await store.read(1, at)).toEqual(Uint8Array.of(1));
  await store.expire(199);
  expect(await names()).toEqual(["dispersal-7", "dispersal-8", "rows-1", "rows-2"]);
  await store.expire(200);
  await store.dropStrays(new Set([8]));
  expect(await names()).toEqual(["dispersal-8", "rows-2"]);
});

it("drops buckets that an earlier process left, without having opened them", async () => {
  const before = createMemoryFolder();
  await createRowStore(before, 100, () => 0).append(3, Uint8Array.of(1));
  const folder = before.crash();
  await createRowStore(folder, 100, () => 0).expire(400);
  expect(await folder.list()).toEqual([]);
});

it("a log that cannot be opened is an erasure to who reads, an error to who writes, and is opened again; a dispersal's is empty", async () => {
  const folder = createMemoryFolder();
  let broken = true;
  const fails = async () => Promise.reject(new Error("/a/path"));
  const store = createRowStore(
    { ...folder, openRows: (...args) => (broken ? fails() : folder.openRows(...args)), open: fails },
    100,
    () => 5,
  );
  expect(await store.read(1, 0)).toBeUndefined();
  await expect(store.append(1, Uint8Array.of(1))).rejects.toThrow("/a/path");
  expect(await store.readDispersal(3)).toEqual([]);
  await store.dropDispersal(3);
  broken = false;
  expect(await store.append(1, Uint8Array.of(1))).toBeGreaterThanOrEqual(5);
  await store.expire(1000);
  await store.close();
});
