/** What is found in a folder is what was written, and nothing of a file is left out. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { u64be } from "@noema/core/bytes";
import { openFileLog } from "@noema/node/store/file-log";
import { openStore } from "@noema/node/store/open-store";
import { expect, it } from "vitest";
import { growth, holdingsOf } from "./holdings.ts";

it("finds each row and record, and what of files is none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "noema-holdings-"));
  const store = await openStore("lmdb", folder, "state", ["small", "large", "gone", "empty"]);
  const log = openFileLog(join(folder, "votes"), { genesisHash: new Uint8Array(32), publicKey: new Uint8Array(48) }, "votes");
  const before = holdingsOf(folder);
  for (let round = 0; round < 3; round++) {
    const at = (i: number) => u64be(1000 * round + i);
    const small = Array.from({ length: 300 }, (_, i) => ({ table: "small", key: at(i), value: new Uint8Array(20) }));
    const gone = small.map(({ key }) => ({ table: "gone", key, value: new Uint8Array(100) }));
    await store.write([...small, ...gone, { table: "large", key: at(0), value: new Uint8Array(10_000) }], true);
    await store.write(
      gone.map(({ table, key }) => ({ table, key, value: null })),
      true,
    );
    log.append(Uint8Array.of(3, round));
    log.append(Uint8Array.of(4, 0, 0));
    await log.sync();
  }
  writeFileSync(join(folder, "node.log"), "x".repeat(5_000));
  const found = growth(before, holdingsOf(folder));
  const of = (name: string) => found.get(name);
  // key, value, checksum (row-sum.ts)
  expect(of("state: small")).toMatchObject({ rows: 900, bytes: 900 * 32 });
  expect(of("state: large")).toMatchObject({ rows: 3, bytes: 3 * 10_012 });
  expect(of("state: large")?.diskBytes).toBeGreaterThanOrEqual(3 * 12_288);
  expect(of("state: gone")).toMatchObject({ rows: 0, bytes: 0, diskBytes: 0 });
  expect(of("state: free pages, used again")?.diskBytes).toBeGreaterThan(0);
  expect([of("votes: kind 3"), of("votes: kind 4")]).toEqual([
    { rows: 3, bytes: 6, diskBytes: 54 },
    { rows: 3, bytes: 9, diskBytes: 57 },
  ]);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((x) => x.isFile());
  const all = files.reduce((sum, x) => sum + statSync(join(x.parentPath, x.name)).blocks * 512, 0);
  expect([...holdingsOf(folder).values()].reduce((sum, x) => sum + x.diskBytes, 0)).toBe(all);
  await log.close();
  await store.close();
  rmSync(folder, { recursive: true });
});
