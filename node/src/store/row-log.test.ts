import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utf8 } from "@noema/core/bytes";
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import type { RowLog } from "@noema/da-layer/blob/row-store";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openFileLog } from "./file-log.ts";
import { createFilePool } from "./file-pool.ts";
import { openRowLog } from "./row-log.ts";
import { testOwner } from "./testing/log-owner.ts";

const SEGMENT = { segmentBytes: 4000 };
let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "noema-rows-"));
});

const opened: RowLog[] = [];
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
  rmSync(root, { recursive: true, force: true });
});
async function openLog(name = "a", above = 0, owner = testOwner()): Promise<RowLog> {
  const log = await openRowLog(join(root, name), owner, "rows-1", above, createFilePool(4), SEGMENT);
  opened.push(log);
  return log;
}
const recordOf = (i: number) => new Uint8Array(1000).fill(i);
const segmentsOf = (name: string) =>
  readdirSync(join(root, name))
    .filter((file) => file.endsWith(".log"))
    .sort();

async function write(log: RowLog, from: number, count: number): Promise<number[]> {
  const positions: number[] = [];
  for (let i = from; i < from + count; i++) positions.push(await log.append(recordOf(i)));
  await log.sync(positions);
  return positions;
}

/** Which of the rows 0, 1, ... are there; one that is must be the one that was written. */
async function readable(log: RowLog, positions: readonly number[]): Promise<boolean[]> {
  const records = await Promise.all(positions.map((position) => log.read(position)));
  for (const [i, record] of records.entries())
    if (record !== undefined) expect([...record.slice(0, 2), record.length]).toEqual([i, i, 1000]);
  return records.map((record) => record !== undefined);
}

it("finds every row by its position, also those of an earlier process and of the log that was before", async () => {
  const old = openFileLog(join(root, "a"), testOwner(), "rows-1", SEGMENT);
  const positions = [0, 1, 2, 3, 4, 5].map((i) => old.append(recordOf(i)));
  await old.close();
  for (let life = 0; life < 3; life++) {
    const log = await openLog("a", Math.max(...positions) + 1);
    positions.push(...(await write(log, positions.length, 6)));
    await log.close();
  }
  const log = await openLog("a", Math.max(...positions) + 1);
  expect(await readable(log, positions)).toEqual(positions.map(() => true));
  expect(await log.read(positions[3]! + 1)).toBeUndefined();
  expect(await log.read(positions.at(-1)! + 5000)).toBeUndefined();
});

it("damage at 200 places is an erasure of what lies there, and nothing else", async () => {
  const seed = process.env.SEED ?? "rows";
  const random = createSeededRandom(seed);
  const log = await openLog("whole");
  const positions = await write(log, 0, 12);
  await log.close();
  for (let k = 0; k < 200; k++) {
    rmSync(join(root, "a"), { recursive: true, force: true });
    cpSync(join(root, "whole"), join(root, "a"), { recursive: true });
    const names = segmentsOf("a");
    const chosen = random.integer(names.length);
    const path = join(root, "a", names[chosen]!);
    const place = random.integer(statSync(path).size);
    const flip = 1 + random.integer(255);
    const cut = random.chance(0.3);
    if (cut) truncateSync(path, place);
    else writeFileSync(path, flipped(readFileSync(path), place, flip));
    const base = Number.parseInt(names[chosen]!, 10);
    const next = Number.parseInt(names[chosen + 1] ?? "9".repeat(15), 10);
    const damaged = await openLog("a", Math.max(...positions) + 1);
    const context = `SEED=${seed}: place ${k}, ${names[chosen]} at ${place}${cut ? ", cut" : ` ^ ${flip}`}`;
    const there = await readable(damaged, positions);
    const elsewhere = there.filter((_, i) => positions[i]! < base || positions[i]! >= next);
    expect(elsewhere, context).toEqual(elsewhere.map(() => true));
    const lost = there.filter((held) => !held).length;
    expect(lost, context).toBeLessThanOrEqual(cut ? 4 : 1);
    const fresh = await write(damaged, 12, 3);
    expect(await readable(damaged, [...positions, ...fresh]), context).toEqual([...there, true, true, true]);
    await damaged.close();
  }
});

const flipped = (bytes: Buffer, place: number, by: number) => {
  bytes[place]! ^= by;
  return bytes;
};

it("a segment that is gone, a folder in its place, another validator's: erasures, and positions are never given again", async () => {
  const log = await openLog();
  const positions = await write(log, 0, 6);
  await log.close();
  const [first, last] = segmentsOf("a") as [string, string];
  rmSync(join(root, "a", first));
  mkdirSync(join(root, "a", first));
  rmSync(join(root, "a", last));
  const damaged = await openLog("a", Math.max(...positions) + 1);
  expect(await readable(damaged, positions)).toEqual(positions.map(() => false));
  expect(Math.min(...(await write(damaged, 6, 2)))).toBeGreaterThan(Math.max(...positions));
  await damaged.close();

  const theirs = await openLog("b", 0, testOwner(1));
  await write(theirs, 0, 1);
  await theirs.close();
  mkdirSync(join(root, "c"));
  copyFileSync(join(root, "b", segmentsOf("b")[0]!), join(root, "c", segmentsOf("b")[0]!));
  const ours = await openLog("c");
  expect(await ours.read(0)).toBeUndefined();
});

it("what is damaged while it is written to is written to no more", async () => {
  const log = await openLog();
  const [only] = await write(log, 0, 1);
  const path = join(root, "a", segmentsOf("a")[0]!);
  writeFileSync(path, flipped(readFileSync(path), 400, 1));
  const waiting = await log.append(recordOf(1)); // its sync comes after the damage was found
  expect(await log.read(only!)).toBeUndefined();
  await log.sync([waiting]);
  const [next] = await write(log, 2, 1);
  expect(segmentsOf("a")).toHaveLength(2);
  expect(await readable(log, [only!, waiting, next!])).toEqual([false, true, true]);
});

it("rows of a file that could not be written are refused, and the next ones go elsewhere", async () => {
  const log = await openLog();
  const position = await log.append(recordOf(0));
  rmSync(join(root, "a"), { recursive: true });
  writeFileSync(join(root, "a"), utf8("no folder"));
  await log.sync([position]); // the file is open and whole
  for (let i = 1; i < 4; i++) await log.append(recordOf(i)).catch(() => {});
  await expect(log.append(recordOf(4))).rejects.toMatchObject({ code: "LOG_FAILED" });
  rmSync(join(root, "a"));
  mkdirSync(join(root, "a"));
  expect(await write(log, 5, 1)).toHaveLength(1);
});
