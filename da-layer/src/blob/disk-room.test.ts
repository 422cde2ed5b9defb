import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { beforeAll, expect, it } from "vitest";
import { type BlobLanes, createBlobLanes, publishUntilCertified } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { evilBlob, offerFrom, TWO_ROWS } from "../testing/offers.ts";
import { createDiskRoom } from "./disk-room.ts";
import { ROW_BYTES } from "./elements.ts";
import type { Kzg } from "./kzg.ts";

let kzg: Kzg;
beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

const RESERVE = 1_000_000;
/** Of TWO_ROWS at the publisher: N = 8 rows, and beside them the own ones. */
const PUBLISHED = 16 * ROW_BYTES;

async function lanesOf(...indexes: number[]): Promise<BlobLanes> {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n], { diskReserve: RESERVE });
  for (const i of indexes) await lanes.start(i);
  return lanes;
}

it("publishes nothing that would reach into the reserve, and says so before anything is read; all else goes on", async () => {
  const lanes = await lanesOf(0, 1, 2, 3);
  const { id } = await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, TWO_ROWS));
  lanes.chain.diskFree = RESERVE + PUBLISHED / 2;
  let read = 0;
  const data = (async function* () {
    read++;
    yield TWO_ROWS;
  })();
  const publishing = lanes.nodes[0]!.lane.publish(data, { namespace: new Uint8Array(0), bytes: TWO_ROWS.length });
  await expect(publishing[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "DA_DISK_FULL", data: { reserve: RESERVE } });
  expect(read).toBe(0);
  expect(await lanes.nodes[0]!.lane.status(id)).toMatchObject({ rowsHeld: 2 });
  lanes.chain.diskFree = RESERVE + PUBLISHED;
  await lanes.until(publishUntilCertified(lanes.nodes[0]!.lane, TWO_ROWS));
});

it("signs nothing that it has no room for, charges nobody for it, and signs it when there is room again", async () => {
  const lanes = await lanesOf(1);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const { offer, record } = await evilBlob(kzg, lanes);
  lanes.chain.diskFree = RESERVE + 2 * ROW_BYTES; // its two rows, but not what proves them
  for (let i = 0; i < 3; i++) expect(await offerFrom(lanes, evil, offer, record)).toBe("DA_DISK_FULL");
  expect([...lanes.nodes[1]!.rows.logs.keys()]).toEqual([]);
  lanes.chain.diskFree = RESERVE + 3 * ROW_BYTES;
  expect(await offerFrom(lanes, evil, offer, record)).toBe("signed 96");
});

it("what is being written counts until the disk shows it: never more than the room is taken at once", async () => {
  const seed = 7;
  console.log(`seed ${seed}`);
  const random = createSeededRandom(seed);
  const counted: number[] = [];
  const shown: { read?: () => number } = {};
  const metrics = { counter: () => () => void counted.push(1), gauge: (_: string, __: string, read: () => number) => (shown.read = read) };
  const disk = createDiskRoom(async () => 1000, 400, metrics as never);
  expect(shown.read?.()).toBe(-1);
  await disk.look();
  const running: { bytes: number; end: () => void }[] = [];
  let refused = 0;
  for (let i = 0; i < 500; i++) {
    const bytes = random.integer(300);
    const taken = running.reduce((sum, x) => sum + x.bytes, 0);
    try {
      disk.check(bytes);
      expect(taken + bytes).toBeLessThanOrEqual(600);
      running.push({ bytes, end: disk.take(bytes) });
    } catch (error) {
      expect(error).toMatchObject({ code: "DA_DISK_FULL" });
      expect(taken + bytes).toBeGreaterThan(600);
      refused++;
      running.shift()?.end();
    }
  }
  expect(counted).toHaveLength(refused);
  expect(refused).toBeGreaterThan(0);
});
