/** kill -9 in a loop: what was acknowledged is there, and a batch is there whole or not at all. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { equalBytes, readU64be, u64be } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import { openFileLog } from "./file-log.ts";
import { openStore, type StoreEngine } from "./open-store.ts";
import { CRASH_TABLES, crashValue, ROWS } from "./testing/crash-rounds.ts";
import { testOwner } from "./testing/log-owner.ts";

const KILLS = 12;
const WRITER = fileURLToPath(new URL("./testing/crash-writer.ts", import.meta.url));

/** The last round that was acknowledged before the process was killed, after `rounds` of them and some bytes of the next. */
async function runAndKill(kind: string, folder: string, first: number, rounds: number, delay: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, kind, folder, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  let last = first - 1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    // killed some microseconds into the next round, not at its edge
    if (last === first + rounds) {
      for (const end = performance.now() + delay; performance.now() < end; );
      child.kill("SIGKILL");
    }
  }
  const [, reason] = await exited;
  expect(reason).toBe("SIGKILL");
  return last;
}

async function crashLoop(kind: string, inspect: (folder: string) => Promise<number>): Promise<void> {
  const random = createSeededRandom(`crash ${kind}`);
  const folder = mkdtempSync(join(tmpdir(), "noema-crash-"));
  let first = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const acknowledged = await runAndKill(kind, folder, first, random.integer(40), random.integer(300) / 100);
    const found = await inspect(folder);
    expect(found, `kill ${kill}`).toBeGreaterThanOrEqual(acknowledged);
    first = found + 1;
  }
  rmSync(folder, { recursive: true });
}

it.each<StoreEngine>(["lmdb", "rocksdb"])("%s keeps what it acknowledged and whole batches", async (engine) => {
  await crashLoop(engine, async (folder) => {
    const store = await openStore(engine, folder, "crash", CRASH_TABLES);
    const snapshot = store.snapshot();
    let round = 0;
    for (; ; round++) {
      const present = Array.from({ length: ROWS }, (_, row) => snapshot.get(`t${row % 3}`, u64be(round * ROWS + row)));
      const count = present.filter((value, row) => value !== undefined && equalBytes(value, crashValue(round, row))).length;
      if (count === 0 && present.every((v) => v === undefined)) break;
      expect(count, `rows of round ${round}`).toBe(ROWS);
    }
    snapshot.close();
    await store.close();
    return round - 1;
  });
});

it("the log keeps what it acknowledged, in order, up to a torn tail", async () => {
  let whole = 0;
  await crashLoop("log", async (folder) => {
    const log = openFileLog(folder, testOwner(), "crash", { segmentBytes: 20_000 });
    expect(log.loss).toBeUndefined();
    const records = [...log.replay()].map(([, record]) => record);
    const rounds = Math.floor(records.length / ROWS);
    for (const [i, record] of records.entries()) {
      const [round, row] = [readU64be(record), readU64be(record, 8)];
      if (i >= whole) expect([round, row]).toEqual([Math.floor(i / ROWS), i % ROWS]);
      expect(equalBytes(record, crashValue(round, row))).toBe(true);
    }
    // a torn round is finished, so that record i stays row i % ROWS of its round
    if (records.length > rounds * ROWS) {
      for (let row = records.length % ROWS; row < ROWS; row++) log.append(crashValue(rounds, row));
      await log.sync();
    }
    whole = [...log.replay()].length;
    await log.close();
    return Math.ceil(records.length / ROWS) - 1;
  });
});
