import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { afterEach, expect, it } from "vitest";
import { createLogFolder } from "./log-folder.ts";
import { createRowStore } from "./row-store.ts";

const directory = mkdtempSync(join(tmpdir(), "noema-rows-"));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("keeps one log a bucket and drops whole buckets and stray dispersals", async () => {
  const opened: string[] = [];
  const folder = createLogFolder(directory, async (path) => {
    opened.push(path);
    return createMemoryLog();
  });
  const store = createRowStore(folder, 100);
  const at = await store.append(store.bucketOf(150), Uint8Array.of(1));
  await store.append(store.bucketOf(250), Uint8Array.of(2));
  await store.openDispersal(7);
  await store.openDispersal(8);
  expect(await store.read(1, at)).toEqual(Uint8Array.of(1));
  expect(opened.map((path) => path.slice(directory.length + 1))).toEqual(["rows-1", "rows-2", "dispersal-7", "dispersal-8"]);
  await store.expire(199);
  expect((await folder.list()).sort()).toEqual(["dispersal-7", "dispersal-8", "rows-1", "rows-2"]);
  await store.expire(200);
  await store.dropStrays(new Set([8]));
  expect((await folder.list()).sort()).toEqual(["dispersal-8", "rows-2"]);
});
