/** Damage that nobody asked for is found, told, counted and mended; a restart goes on where it was. */
import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import type { MemoryLog } from "@noema/core/testing/memory-log";
import { beforeAll, expect, it } from "vitest";
import { testPayload } from "../testing/blob.ts";
import { type BlobLanes, createBlobLanes, createMemoryFolder, publishUntilCertified } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { ROW_BYTES, ROW_PAYLOAD } from "./elements.ts";
import type { Kzg } from "./kzg.ts";

/** R = 3: three rows of twelve are of the validator that is watched. */
const DATA = testPayload(2 * ROW_PAYLOAD + 100);
const WATCHED = 2;
const PERIOD = { scrubPeriodMs: 200_000, scrubBytesPerSecond: 2 ** 20, prepareAfterMs: 1000 };
let kzg: Kzg;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

/** Four validators that hold `count` objects. */
async function holders(count: number, own = {}): Promise<{ lanes: BlobLanes; ids: Hash[] }> {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n], { ...PERIOD, ...own });
  for (let i = 0; i < 4; i++) await lanes.start(i);
  const ids: Hash[] = [];
  for (let i = 0; i < count; i++) ids.push((await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA))).id);
  await lanes.clock.advanceAsync(500);
  return { lanes, ids };
}

const rowsOf = (log: MemoryLog) => [...log.replay()].filter(([, record]) => record.length > 0);

/** Restarts the watched validator with what `damage` leaves of its rows. */
async function restartWith(lanes: BlobLanes, damage: (record: Uint8Array, i: number) => Uint8Array | undefined): Promise<void> {
  const { catalog, rows, lane, network } = lanes.nodes[WATCHED]!;
  network.leave();
  await lane.stop();
  const log = rows.logs.get("rows-14")!.crash();
  const changed = new Map(rowsOf(log).map(([position, record], i) => [position, damage(record, i)]));
  const read = (position: number) => (changed.has(position) ? changed.get(position) : log.read(position));
  const damaged = createMemoryFolder(new Map([["rows-14", { ...log, read }]]));
  await lanes.start(WATCHED, { catalog: catalog.crash(), rows: damaged });
}

/** Positions that the watched validator reads from now on. */
function reads(lanes: BlobLanes): number[] {
  const log = lanes.nodes[WATCHED]!.rows.logs.get("rows-14")!;
  const { read } = log;
  const positions: number[] = [];
  log.read = (position) => {
    positions.push(position);
    return read(position);
  };
  return positions;
}

const told = (lanes: BlobLanes) => lanes.lines.filter(({ message }) => message.startsWith("an own row cannot be read"));
const heldOf = async (lanes: BlobLanes, id: Hash) => (await lanes.nodes[WATCHED]!.lane.status(id))?.rowsHeld;

it("a row that is gone and one with a wrong byte are found without a reader, each told once, and written anew", async () => {
  const { lanes, ids } = await holders(2);
  const whole = await heldOf(lanes, ids[0]!);
  const flipped = (record: Uint8Array) => Uint8Array.from(record, (byte, at) => (at === record.length - 1 ? byte ^ 1 : byte));
  await restartWith(lanes, (record, i) => (i === 0 ? undefined : i === 1 ? flipped(record) : record));
  expect(told(lanes)).toEqual([]);
  await lanes.clock.advanceAsync(PERIOD.scrubPeriodMs + 10_000);
  expect(told(lanes).map(({ level, fields }) => [level, fields.object])).toEqual([
    ["warn", to0x(ids[0]!)],
    ["warn", to0x(ids[0]!)],
  ]);
  expect(await Promise.all(ids.map((id) => heldOf(lanes, id)))).toEqual([whole, whole]);
  await lanes.clock.advanceAsync(3 * PERIOD.scrubPeriodMs);
  expect(told(lanes)).toHaveLength(2);
});

it("a whole store is read no faster than the rate, and once in a period", async () => {
  for (const own of [{}, { scrubBytesPerSecond: ROW_BYTES / 100 }]) {
    const { lanes } = await holders(2, own);
    await restartWith(lanes, (record) => record);
    const read = reads(lanes);
    const rows = rowsOf(lanes.nodes[WATCHED]!.rows.logs.get("rows-14")!).length;
    await lanes.clock.advanceAsync(PERIOD.scrubPeriodMs + PERIOD.prepareAfterMs);
    expect(read).toHaveLength("scrubBytesPerSecond" in own ? 3 : rows);
    expect(told(lanes)).toEqual([]);
  }
});

it("0 is never", async () => {
  const { lanes } = await holders(1, { scrubPeriodMs: 0 });
  await restartWith(lanes, () => undefined);
  await lanes.clock.advanceAsync(1_000_000);
  expect(told(lanes)).toEqual([]);
});

it("a row that was lost before a crash is rebuilt after it, told no second time", async () => {
  const { lanes, ids } = await holders(1);
  const whole = await heldOf(lanes, ids[0]!);
  await restartWith(lanes, (record, i) => (i === 0 ? undefined : record));
  for (const i of [0, 1, 3]) lanes.nodes[i]!.network.leave(); // nobody to rebuild it from
  await lanes.clock.advanceAsync(PERIOD.scrubPeriodMs);
  expect(told(lanes)).toHaveLength(1);
  await lanes.nodes[WATCHED]!.catalog.sync(); // as any record that comes after does
  for (const i of [0, 1, 3]) await lanes.restart(i);
  await lanes.restart(WATCHED);
  expect(await heldOf(lanes, ids[0]!)).toBe(whole! - 1);
  await lanes.clock.advanceAsync(3000);
  expect(await heldOf(lanes, ids[0]!)).toBe(whole);
  expect(told(lanes)).toHaveLength(1);
});

it("goes on behind what it has read, over a restart", async () => {
  const { lanes } = await holders(5, { scrubPeriodMs: 900_000 }); // a row a minute
  await lanes.clock.advanceAsync(730_000);
  await restartWith(lanes, (record) => record);
  const read = reads(lanes);
  await lanes.clock.advanceAsync(300_000);
  const positions = rowsOf(lanes.nodes[WATCHED]!.rows.logs.get("rows-14")!).map(([position]) => position);
  expect(read).toEqual([...positions.slice(12), positions[0]]);
});

it("a validator that was away while an object was certified writes its rows without reading it", async () => {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n], PERIOD);
  for (const i of [0, 1, 3]) await lanes.start(i);
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  const [cert] = lanes.nodes[0]!.lane.blobCertificates().available(1);
  await lanes.clock.advanceAsync(100_000); // nobody offers it any more
  const { lane } = await lanes.start(WATCHED);
  lane.blobCertificates().included([cert!], 11);
  await lanes.clock.advanceAsync(1000);
  expect(await lanes.until(heldOf(lanes, id))).toBe(0);
  await lanes.clock.advanceAsync(PERIOD.scrubPeriodMs);
  expect(await heldOf(lanes, id)).toBeGreaterThan(0);
});

it("what is lost is not rebuilt into the room that votes and state need", async () => {
  const { lanes, ids } = await holders(1);
  const whole = await heldOf(lanes, ids[0]!);
  lanes.chain.diskFree = 2 ** 31 + ROW_BYTES / 2;
  await restartWith(lanes, (record, i) => (i === 0 ? undefined : record));
  await lanes.clock.advanceAsync(PERIOD.scrubPeriodMs);
  expect(await heldOf(lanes, ids[0]!)).toBe(whole! - 1);
  lanes.chain.diskFree = 2 ** 40;
  await lanes.clock.advanceAsync(600_000);
  expect(await heldOf(lanes, ids[0]!)).toBe(whole);
});
