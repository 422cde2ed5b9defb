/** What a publisher and a reader are told where neither peers nor the own disk are at fault. */
import { beforeAll, expect, it } from "vitest";
import { testMeta, testPayload } from "../testing/blob.ts";
import { type BlobLanes, createBlobLanes, publishUntilCertified, readAll } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { ROW_BYTES, ROW_PAYLOAD } from "./elements.ts";
import { encodeBlob } from "./encode.ts";
import type { Kzg } from "./kzg.ts";
import { blobObjectType } from "./object.ts";
import { encodeRowRecord } from "./row-record.ts";
import { METHODS, rowsRequestType } from "./wire.ts";

const EQUAL = [1n, 1n, 1n, 1n];
const DATA = testPayload(ROW_PAYLOAD + 5000); // R = 2, N = 8
const never = new AbortController().signal;
let kzg: Kzg;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

async function lanesOf(count: number, own = {}): Promise<BlobLanes> {
  const lanes = createBlobLanes(kzg, EQUAL, own);
  for (let i = 0; i < count; i++) await lanes.start(i);
  return lanes;
}

it("publishes nothing where it is no validator", async () => {
  const lanes = await lanesOf(5); // the fifth only reads
  await expect(publishUntilCertified(lanes.nodes[4]!.lane, DATA)).rejects.toMatchObject({ code: "DA_NOT_VALIDATOR" });
});

it("publishes at most twice its share of the lane in 64 heights, and again in the next", async () => {
  const lanes = await lanesOf(4, { blobBytesPerBlock: ROW_BYTES });
  const publish = () => lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, DATA));
  const objects = (2 * ROW_BYTES * 64) / 4 / (8 * ROW_BYTES);
  for (let i = 0; i < objects; i++) await publish();
  await expect(publish()).rejects.toMatchObject({ code: "DA_QUOTA", data: { bytes: 8 * ROW_BYTES } });
  lanes.chain.height += 64;
  await publish();
});

it("says of a good object that its publisher broke the payload convention", async () => {
  const lanes = createBlobLanes(kzg, EQUAL);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const { lane } = await lanes.start(4);
  // one byte stands where padding should
  const { id, object, rows, paths } = await encodeBlob(kzg, testMeta(DATA.length - 1, { R: 2, N: 8 }), DATA);
  evil.serve(METHODS.object.name, async function* () {
    yield blobObjectType.serialize(object);
  });
  evil.serve(METHODS.rows.name, async function* (_from, body) {
    for (const slot of rowsRequestType.deserialize(body).slots) yield encodeRowRecord({ slot, row: rows[slot]!, path: paths[slot]! });
  });
  const reading = lanes.until(readAll(lane.retrieve(id, 0, undefined, never)));
  await expect(reading).rejects.toMatchObject({ code: "DA_PAYLOAD_INVALID" });
  const before = lanes.until(readAll(lane.retrieve(id, 0, ROW_PAYLOAD, never))); // the first row is as it should be
  expect(Buffer.compare(await before, DATA.subarray(0, ROW_PAYLOAD))).toBe(0);
});
