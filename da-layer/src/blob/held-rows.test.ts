import { to0x } from "@noema/core/bytes";
import type { Hash } from "@noema/core/ports/bytes";
import { createMemoryLog } from "@noema/core/testing/memory-log";
import { beforeAll, expect, it } from "vitest";
import { testMeta, testPayload } from "../testing/blob.ts";
import { type BlobLanes, createBlobLanes, createMemoryFolder, publishUntilCertified, readAll } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { ROW_PAYLOAD } from "./elements.ts";
import { encodeBlob } from "./encode.ts";
import type { Kzg } from "./kzg.ts";
import { rebuildRows } from "./rebuild.ts";
import { METHODS, rowsRequestType } from "./wire.ts";

const never = new AbortController().signal;
const DATA = testPayload(4 * ROW_PAYLOAD + 100);
let kzg: Kzg;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

/** What validator `index` answers to who asks for all rows: their slots, if each record is there as it was sent. */
async function servedBy(lanes: BlobLanes, id: Hash, index: number): Promise<number> {
  const body = rowsRequestType.serialize({ id, slots: Array.from({ length: 16 }, (_, slot) => slot) });
  const from = lanes.nodes[(index + 1) % 4]!.network;
  const chunks = await lanes.until(readAll(from.request(`v${index}`, METHODS.rows.name, body, 4 << 20, never)));
  return chunks.length;
}

it("an own row that is gone is served no more, told once, rebuilt from others' and written anew", async () => {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n]);
  for (let i = 0; i < 4; i++) await lanes.start(i);
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  await lanes.clock.advanceAsync(100);
  const whole = await servedBy(lanes, id, 2);
  const { catalog, rows, lane, network } = lanes.nodes[2]!;
  network.leave();
  await lane.stop();
  const damaged = rows.logs.get("rows-14")!.lose((_record, i) => i % 2 === 1);
  await lanes.start(2, { catalog: catalog.crash(), rows: createMemoryFolder(new Map([["rows-14", damaged]])) });
  const told = () => lanes.lines.filter(({ message }) => message.startsWith("an own row cannot be read"));

  expect(await servedBy(lanes, id, 2)).toBe(whole / 2);
  expect(told().map(({ fields }) => fields.object)).toEqual([to0x(id), to0x(id)]);
  expect(await lanes.nodes[2]!.lane.status(id)).toMatchObject({ rowsHeld: 2 });
  await lanes.clock.advanceAsync(3000);
  expect(await servedBy(lanes, id, 2)).toBe(whole);
  expect(told()).toHaveLength(2);
  await lanes.restart(2);
  expect(await servedBy(lanes, id, 2)).toBe(whole);
  expect(told()).toHaveLength(2);
});

it("a validator that was away writes the rows that it should hold when it reads a certified object", async () => {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n]);
  for (let i = 0; i < 3; i++) await lanes.start(i);
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  const [cert] = lanes.nodes[0]!.lane.blobCertificates().available(1);
  await lanes.clock.advanceAsync(100_000); // nobody offers it any more
  for (const isValidator of [false, true]) {
    const index = isValidator ? 3 : 4;
    const { lane } = await lanes.start(index);
    lane.blobCertificates().included([cert!], 11);
    expect(Buffer.compare(await lanes.until(readAll(lane.retrieve(id, 0, undefined, never))), DATA)).toBe(0);
    await lanes.clock.advanceAsync(3000);
    expect(await lane.status(id)).toMatchObject({ rowsHeld: isValidator ? 4 : 0 });
  }
  expect(await servedBy(lanes, id, 3)).toBeGreaterThan(0);
  await lanes.restart(3);
  expect(await lanes.nodes[3]!.lane.status(id)).toMatchObject({ rowsHeld: 4 });
  expect(await servedBy(lanes, id, 3)).toBeGreaterThan(0);
});

it("a publisher whose disk takes no rows says so, and its object is certified by the others", async () => {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n]);
  const broken = { ...createMemoryFolder(), openRows: () => Promise.reject(new Error("EIO")) };
  for (let i = 1; i < 4; i++) await lanes.start(i);
  const { lane } = await lanes.start(0, { catalog: createMemoryLog(), rows: broken });
  const { id } = await lanes.until(publishUntilCertified(lane, DATA));
  expect(lanes.lines).toContainEqual(expect.objectContaining({ level: "error" }));
  await lanes.clock.advanceAsync(1000);
  expect(Buffer.compare(await lanes.until(readAll(lane.retrieve(id, 0, undefined, never))), DATA)).toBe(0);
});

it("rebuilds any rows with their paths from any R, and none from rows of something else", async () => {
  const meta = testMeta(DATA.length);
  const encoded = await encodeBlob(kzg, meta, DATA);
  const known = [14, 3, 7, 0, 9].map((slot) => [slot, encoded.rows[slot]!] as const);
  for (const { slot, row, path } of rebuildRows(encoded.object, known, [1, 5, 14])) {
    expect(Buffer.compare(row, encoded.rows[slot]!)).toBe(0);
    expect(path).toEqual(encoded.paths[slot]);
  }
  const wrong = known.map(([slot], i) => [slot, encoded.rows[i]!] as const);
  expect(() => rebuildRows(encoded.object, wrong, [1])).toThrow(expect.objectContaining({ code: "DA_ROW_MISMATCH" }));
});
