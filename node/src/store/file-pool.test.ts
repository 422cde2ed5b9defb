import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createFilePool } from "./file-pool.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "noema-pool-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function filesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const path = join(root, `f${i}`);
    writeFileSync(path, String(i));
    return path;
  });
}

it("holds at most so many files open, however many are used at once", async () => {
  const paths = filesOf(20);
  const pool = createFilePool(3);
  let most = 0;
  const read = (path: string) =>
    pool.use(path, async (file) => {
      most = Math.max(most, pool.size);
      return (await file.readFile()).length;
    });
  const lengths = await Promise.all([...paths, ...paths].map(read));
  expect(lengths).toHaveLength(40);
  expect(most).toBe(3);
  await pool.release(paths);
  expect(pool.size).toBe(0);
});

it("a file that cannot be opened holds no place, and is opened again", async () => {
  const pool = createFilePool(1);
  const path = join(root, "late");
  await expect(pool.use(path, async () => 1)).rejects.toMatchObject({ code: "ENOENT" });
  expect(pool.size).toBe(0);
  writeFileSync(path, "x");
  expect(await pool.use(path, async () => 1)).toBe(1);
  await pool.release([path]);
});

it("what is in use is closed by a release when it is free", async () => {
  const pool = createFilePool(2);
  const [path] = filesOf(1) as [string];
  let end = () => {};
  const using = pool.use(path, async (file) => {
    await new Promise<void>((resolve) => (end = resolve));
    return (await file.readFile()).toString();
  });
  await pool.use(path, async () => {});
  const released = pool.release([path]);
  expect(pool.size).toBe(1);
  end();
  expect(await using).toBe("0");
  await released;
  expect(pool.size).toBe(0);
});
