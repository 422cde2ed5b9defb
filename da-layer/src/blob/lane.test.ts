import { toHex } from "@noema/core/bytes";
import { availabilityBody } from "@noema/core/types/availability";
import { beforeAll, expect, it } from "vitest";
import { testPayload } from "../testing/blob.ts";
import { type BlobLanes, chunked, createBlobLanes, publishUntilCertified, readAll } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { evilBlob, offerFrom, TWO_ROWS } from "../testing/offers.ts";
import { assignSlots } from "./assignment.ts";
import { treeDepth } from "./chunk-tree.ts";
import { ROW_BYTES, ROW_PAYLOAD } from "./elements.ts";
import type { Kzg } from "./kzg.ts";
import { encodeRowRecord, rowRecordBytes } from "./row-record.ts";
import { METHODS, rowsRequestType } from "./wire.ts";

const EQUAL = [1n, 1n, 1n, 1n];
const never = new AbortController().signal;
const DATA = TWO_ROWS;
let kzg: Kzg;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

async function lanesOf(count: number, own = {}): Promise<BlobLanes> {
  const lanes = createBlobLanes(kzg, EQUAL, { hotRows: 0, ...own });
  for (let i = 0; i < count; i++) await lanes.start(i);
  return lanes;
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

it("publishes, certifies, includes, and is retrieved from another validator", async () => {
  const lanes = await lanesOf(4);
  const { id, steps } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  expect(steps.map((s) => s.step)).toContain("encoded");
  const signed = steps.filter((s) => s.step === "signed");
  expect(signed.map((s) => s.done)).toEqual([0.25, 0.5, 0.75].slice(0, signed.length));
  expect(new Set(signed.map((s) => s.validator)).size).toBe(3);
  expect(steps.at(-1)).toMatchObject({ step: "certified", done: 1 });
  await lanes.clock.advanceAsync(100);
  for (const { lane } of lanes.nodes) {
    const [cert] = lane.blobCertificates().available(10);
    expect(cert!.header.bytes).toBe(8 * ROW_BYTES);
    expect(await lanes.scheme.verify(lanes.set, "blob", availabilityBody(cert!.header), cert!.certificate)).toBe(true);
    lane.blobCertificates().included([cert!], 11);
    expect(lane.blobCertificates().available(10)).toEqual([]);
  }
  const { lane } = lanes.nodes[3]!;
  expect(await lane.status(id)).toMatchObject({ bytes: DATA.length, height: 11, rowsHeld: 2, rows: 8 });
  expect(same(await lanes.until(readAll(lane.retrieve(id, 0, undefined, never))), DATA)).toBe(true);
  const from = ROW_PAYLOAD - 10;
  expect(same(await lanes.until(readAll(lane.retrieve(id, from, from + 30, never))), DATA.subarray(from, from + 30))).toBe(true);
  expect([...lanes.nodes[0]!.rows.logs.keys()]).toEqual(["rows-14"]); // the dispersal's log is gone: 3,024,010 / 216,000 = 14
  await lanes.clock.advanceAsync(15_000); // the workers' preparation
  expect(lanes.clock.pending()).toBe(lanes.nodes.length); // one each: the scrub
});

it("a publication ends with its inclusion", async () => {
  const lanes = createBlobLanes(kzg, [1n]);
  const { lane } = await lanes.start(0);
  const steps: string[] = [];
  const publishing = (async () => {
    for await (const { step } of lane.publish(chunked(DATA), { namespace: Uint8Array.of(1), bytes: DATA.length })) {
      steps.push(step);
      if (step === "certified") lane.blobCertificates().included(lane.blobCertificates().available(1), 12);
    }
  })();
  await lanes.until(publishing);
  expect([steps[0], steps.at(-1)]).toEqual(["preparing", "included"]);
});

/** Five rows need two of the four holders (four slots each), so that a reader depends on what others send. */
const FIVE = testPayload(4 * ROW_PAYLOAD + 100);

it("a publication that nobody includes ends with an error, and so does one that its node cuts off", async () => {
  const lanes = createBlobLanes(kzg, [1n]);
  const { lane } = await lanes.start(0);
  const publish = () => readAll(lane.publish(chunked(DATA), { namespace: Uint8Array.of(1), bytes: DATA.length }) as never);
  const cutOff = expect(publish()).rejects.toMatchObject({ code: "DA_UNCERTIFIED" });
  await lanes.clock.advanceAsync(1000);
  expect(lane.blobCertificates().available(2)).toHaveLength(1);
  await lane.stop();
  await cutOff;
  const again = await lanes.restart(0);
  const publishing = readAll(again.lane.publish(chunked(DATA), { namespace: Uint8Array.of(1), bytes: DATA.length }) as never);
  const stale = expect(publishing).rejects.toMatchObject({ code: "DA_UNCERTIFIED" });
  await lanes.clock.advanceAsync(1000);
  lanes.chain.height += 1024;
  again.lane.blobCertificates().included([], lanes.chain.height);
  await stale;
});

it("is retrieved by a node that holds nothing, with each validator silent or corrupting in turn", async () => {
  const lanes = await lanesOf(4, { holderTimeoutMs: 300 });
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, FIVE));
  await lanes.clock.advanceAsync(100);
  const reader = await lanes.start(4);
  await lanes.clock.advanceAsync(100);
  const whole = async () => same(await lanes.until(readAll(reader.lane.retrieve(id, 0, undefined, never))), FIVE);
  expect(await whole()).toBe(true);
  for (const silent of [0, 1, 2, 3]) {
    lanes.net.partition([["v0", "v1", "v2", "v3", "v4"].filter((v) => v !== `v${silent}`)]);
    expect(await whole()).toBe(true);
  }
  lanes.net.heal();
  // whoever holds the first data row sends rows of its own choice under paths of its own choice
  const { ranges } = assignSlots(lanes.set, 5, lanes.seed, lanes.set.members[0]!.feeAddress, 0);
  const liar = ranges.find((r) => r.from === 0)!.validator;
  let asked = 0;
  lanes.nodes[liar]!.network.serve(METHODS.rows.name, async function* (_from, body) {
    asked++;
    const path = new Array<Uint8Array>(treeDepth(16)).fill(new Uint8Array(32));
    for (const slot of rowsRequestType.deserialize(body).slots)
      yield encodeRowRecord({ slot, row: new Uint8Array(ROW_BYTES).fill(1), path });
  });
  expect(await whole()).toBe(true);
  expect(asked).toBe(1); // and is not asked again
  lanes.net.partition([["v4", `v${(liar + 1) % 4}`, `v${liar}`]]); // one honest holder is too few
  await expect(whole()).rejects.toMatchObject({ code: "DA_UNAVAILABLE", data: { rows: 4, needed: 5 } });
});

it("says what is missing when too few rows can be had, and when nobody knows the object", async () => {
  const lanes = await lanesOf(4, { holderTimeoutMs: 300 });
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  await lanes.clock.advanceAsync(100);
  const { lane } = lanes.nodes[3]!;
  await expect(lanes.until(readAll(lane.retrieve(new Uint8Array(32), 0, undefined, never)))).rejects.toMatchObject({
    code: "DA_NOT_FOUND",
  });
  await expect(lanes.until(readAll(lane.retrieve(id, DATA.length + 1, undefined, never)))).rejects.toMatchObject({
    code: "DA_ARGUMENT_INVALID",
  });
  lanes.net.partition([]);
  for (const node of lanes.nodes) node.rows.logs.clear();
  const fresh = await lanes.restart(3);
  fresh.rows.logs.clear();
  // the crash took the certificate, which nobody had synced
  await expect(lanes.until(readAll(fresh.lane.retrieve(id, 0, undefined, never)))).rejects.toMatchObject({
    code: "DA_NOT_CERTIFIED",
    data: { rows: 0, needed: 2, of: 8 },
  });
});

it("goes on with a dispersal after a restart of the publisher", async () => {
  const lanes = await lanesOf(2);
  let id: Uint8Array | undefined;
  const publishing = (async () => {
    for await (const progress of lanes.nodes[0]!.lane.publish(chunked(DATA), { namespace: Uint8Array.of(1), bytes: DATA.length }))
      id = progress.id;
  })();
  publishing.catch(() => {});
  await lanes.clock.advanceAsync(3000);
  expect(lanes.nodes[0]!.lane.blobCertificates().available(1)).toEqual([]); // 2 of 4 are no quorum
  await lanes.restart(0);
  await lanes.start(2);
  await lanes.start(3);
  await lanes.clock.advanceAsync(40_000);
  expect(lanes.nodes[0]!.lane.blobCertificates().available(1)).toHaveLength(1);
  await lanes.clock.advanceAsync(1000);
  expect(lanes.nodes[0]!.rows.logs.has("dispersal-0")).toBe(false);
  expect(same(await lanes.until(readAll(lanes.nodes[3]!.lane.retrieve(id!, 0, undefined, never))), DATA)).toBe(true);
});

it("a receiver that restarts in the middle signs after it, and one that has signed signs the same again", async () => {
  const lanes = await lanesOf(3);
  lanes.nodes[2]!.rows.logs.set("rows-14", (await lanes.nodes[2]!.rows.open("rows-14")) as never);
  lanes.nodes[2]!.rows.logs.get("rows-14")!.holdSync();
  const publishing = publishUntilCertified(lanes.nodes[0]!.lane, DATA);
  await lanes.clock.advanceAsync(1000);
  expect(lanes.nodes[0]!.lane.blobCertificates().available(1)).toEqual([]);
  await lanes.restart(2);
  const { id } = await lanes.until(publishing);
  expect(await lanes.nodes[2]!.lane.status(id)).toMatchObject({ rowsHeld: 2 });
});

it("learns certificates that it missed when a peer connects", async () => {
  const lanes = await lanesOf(3);
  await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  const late = await lanes.start(3);
  await lanes.clock.advanceAsync(200);
  expect(late.lane.blobCertificates().available(1)).toHaveLength(1);
});

it("rows are dropped with the bucket of their expiry, and the object is forgotten", async () => {
  const lanes = await lanesOf(4, { bucketHeights: 1000 });
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA, 1500));
  await lanes.clock.advanceAsync(100);
  const { lane, rows } = lanes.nodes[1]!;
  const at = async (height: number) => {
    lanes.chain.height = height;
    lane.blobCertificates().included([], height);
    await lanes.clock.advanceAsync(10);
    return [...rows.logs.keys()];
  };
  expect(await at(1472)).toEqual(["rows-1"]);
  expect(await at(1984)).toEqual(["rows-1"]);
  expect(await at(2048)).toEqual([]);
  expect(lanes.nodes[1]!.catalog.read(0)).toBeDefined();
  await at(64 * 100);
  const asks: (() => Promise<unknown>)[] = [() => lane.status(id), () => readAll(lane.retrieve(id, 0, undefined, never))];
  for (const ask of asks) await expect(lanes.until(ask())).rejects.toMatchObject({ code: "DA_EXPIRED", data: { expiry: 1500 } });
});

it("refuses what is too large, of the wrong length, or out of bounds, before it works", async () => {
  const lanes = createBlobLanes(kzg, [1n], { maxRows: 2 });
  const { lane } = await lanes.start(0);
  const publish = (bytes: number, o: object = {}) =>
    readAll(lane.publish(chunked(DATA), { namespace: new Uint8Array(1), bytes, ...o }) as never);
  await expect(publish(2 * ROW_PAYLOAD + 1)).rejects.toMatchObject({ code: "DA_TOO_LARGE" });
  await expect(publish(DATA.length - 1)).rejects.toMatchObject({ code: "DA_LENGTH_MISMATCH" });
  await expect(publish(DATA.length + 1)).rejects.toMatchObject({ code: "DA_LENGTH_MISMATCH" });
  await expect(publish(0)).rejects.toMatchObject({ code: "DA_ARGUMENT_INVALID" });
  await expect(publish(10, { namespace: new Uint8Array(33) })).rejects.toMatchObject({ code: "DA_ARGUMENT_INVALID" });
  await expect(publish(10, { expiry: 500 })).rejects.toMatchObject({ code: "DA_ARGUMENT_INVALID" });
});

it("signs nothing for a lying publisher, and one object for each number", async () => {
  const lanes = createBlobLanes(kzg, EQUAL);
  await lanes.start(1);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const { offer, record } = await evilBlob(kzg, lanes);
  const { header, object } = offer;
  const swapped = { ...object, commitments: [object.commitments[1]!, object.commitments[0]!] };
  expect(await offerFrom(lanes, evil, { header, object: swapped }, record)).toBe("DA_OBJECT_INVALID"); // another id
  expect(await offerFrom(lanes, evil, { header, object: { ...object, ys: [object.ys[1]!, object.ys[0]!] } }, record)).toBe(
    "DA_OBJECT_INVALID",
  );
  expect(await offerFrom(lanes, evil, { header: { ...header, bytes: 1 }, object }, record)).toBe("DA_OBJECT_INVALID");
  expect(await offerFrom(lanes, evil, { header: { ...header, publisher: 2 }, object }, record)).toBe("DA_OBJECT_INVALID");
  expect(await offerFrom(lanes, evil, { header: { ...header, refHeight: 5000 }, object }, record)).toBe("DA_BATCH_STALE");
  expect(await offerFrom(lanes, evil, offer, () => undefined)).toBe("DA_ROW_MISMATCH");
  const damaged = (slot: number) => record(slot).fill(7, rowRecordBytes(8) - 50, rowRecordBytes(8) - 40);
  expect(await offerFrom(lanes, evil, offer, damaged)).toBe("DA_ROW_MISMATCH");
  expect(await offerFrom(lanes, evil, offer, (slot) => record(slot).subarray(1))).toMatch(/DA_(ROW_MISMATCH|FRAME_INVALID)/);
  expect(await offerFrom(lanes, evil, offer, (slot) => record((slot + 1) % 8))).toBe("DA_ROW_MISMATCH");
  expect(await offerFrom(lanes, evil, offer, record)).toBe("signed 96");
  expect(await offerFrom(lanes, evil, offer, () => undefined)).toBe("signed 96"); // held already
  const other = await evilBlob(kzg, lanes, { namespace: Uint8Array.of(9) });
  expect(toHex(other.offer.header.id)).not.toBe(toHex(header.id));
  expect(await offerFrom(lanes, evil, other.offer, other.record)).toBe("DA_EQUIVOCATION");
  await lanes.restart(1);
  expect(await offerFrom(lanes, evil, other.offer, other.record)).toBe("DA_EQUIVOCATION");
});

it("a validator whose catalog lost records signs no second object for a number and publishes nothing, until the epoch after next", async () => {
  const lanes = createBlobLanes(kzg, EQUAL);
  await lanes.start(1);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const { offer, record } = await evilBlob(kzg, lanes);
  expect(await offerFrom(lanes, evil, offer, record)).toBe("signed 96");
  const other = await evilBlob(kzg, lanes, { namespace: Uint8Array.of(9) });

  const { catalog, rows, lane, network } = lanes.nodes[1]!;
  network.leave();
  const disk = { catalog: catalog.lose((bytes) => bytes[0] === 3), rows: rows.crash() };
  await lane.stop();
  await lanes.start(1, disk);
  await lanes.clock.advanceAsync(20);
  expect(disk.catalog.loss).toBeUndefined();
  for (const restart of [false, true]) {
    if (restart) await lanes.restart(1);
    expect(await offerFrom(lanes, evil, other.offer, other.record)).toBe("DA_LOG_LOST");
    const publishing = publishUntilCertified(lanes.nodes[1]!.lane, DATA);
    await expect(lanes.until(publishing)).rejects.toMatchObject({ code: "DA_LOG_LOST" });
  }
  lanes.chain.epoch = 2;
  const free = await evilBlob(kzg, lanes, { epoch: 2 });
  expect(await offerFrom(lanes, evil, free.offer, free.record)).toBe("signed 96");
});

it("gives up a dispersal whose rows are not all there any more", async () => {
  const lanes = await lanesOf(2);
  const publishing = publishUntilCertified(lanes.nodes[0]!.lane, DATA);
  publishing.catch(() => {});
  await lanes.clock.advanceAsync(3000);
  const { catalog, rows, lane, network } = lanes.nodes[0]!;
  network.leave();
  const disk = { catalog: catalog.crash(), rows: rows.crash() };
  disk.rows.logs.set(
    "dispersal-0",
    rows.logs.get("dispersal-0")!.lose((_record, i) => i === 3),
  );
  await lane.stop();
  await lanes.start(0, disk);
  await lanes.start(2);
  await lanes.start(3);
  await lanes.clock.advanceAsync(40_000);
  expect(disk.rows.logs.has("dispersal-0")).toBe(false);
  expect(lanes.nodes[0]!.lane.blobCertificates().available(1)).toEqual([]);
});

it("disagrees with a publisher whose N is not its own computation", async () => {
  const lanes = createBlobLanes(kzg, EQUAL);
  await lanes.start(1);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const { offer, record } = await evilBlob(kzg, lanes, { N: 9 });
  offer.header.bytes = 9 * ROW_BYTES;
  expect(await offerFrom(lanes, evil, offer, record)).toBe("DA_OBJECT_INVALID");
});
