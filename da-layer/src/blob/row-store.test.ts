import { expect, it } from "vitest";
import { createMemoryFolder } from "../testing/blob-lanes.ts";
import { createRowStore } from "./row-store.ts";

it("keeps one log a bucket and drops whole buckets and stray dispersals", async () => {
  const folder = createMemoryFolder();
  const names = async () => (await folder.list()).sort();
  const store = createRowStore(folder, 100);
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
  await createRowStore(before, 100).append(3, Uint8Array.of(1));
  const folder = before.crash();
  await createRowStore(folder, 100).expire(400);
  expect(await folder.list()).toEqual([]);
});
