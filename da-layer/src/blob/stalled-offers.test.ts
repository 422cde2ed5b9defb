/** A publisher that offers and then sends nothing, or next to nothing, takes no room but its own. */
import { beforeAll, expect, it } from "vitest";
import { type BlobLanes, createBlobLanes, publishUntilCertified } from "../testing/blob-lanes.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { answerTo, evilBlob, TWO_ROWS } from "../testing/offers.ts";
import type { Kzg } from "./kzg.ts";
import { METHODS, rowsRequestType } from "./wire.ts";

let kzg: Kzg;
beforeAll(async () => {
  kzg = await createKnownTauKzg();
});

/** v0 is played by the test; all of the others are needed for a quorum. */
async function threeHonest(): Promise<BlobLanes> {
  const lanes = createBlobLanes(kzg, [1n, 1n, 1n, 1n]);
  for (const i of [1, 2, 3]) await lanes.start(i);
  await lanes.clock.advanceAsync(20_000);
  return lanes;
}

async function timeOfPut(lanes: BlobLanes): Promise<number> {
  const since = lanes.clock.nowMs();
  await lanes.until(publishUntilCertified(lanes.nodes[2]!.lane, TWO_ROWS));
  return lanes.clock.nowMs() - since;
}

it("beside any number of stalled offers an honest put takes no longer, and each of them ends with its reason", async () => {
  const lanes = await threeHonest();
  const quiet = await timeOfPut(lanes);
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  let asked = 0;
  evil.serve(METHODS.rows.name, async function* () {
    asked++;
    yield await new Promise<never>(() => {});
  });
  const blobs = await Promise.all(Array.from({ length: 12 }, (_, nonce) => evilBlob(kzg, lanes, { nonce })));
  const answers = Promise.all(blobs.flatMap(({ offer }) => [answerTo(evil, "v1", offer), answerTo(evil, "v3", offer)]));
  await lanes.clock.advanceAsync(50);
  const share = asked / 2;
  expect(share).toBeGreaterThan(0);
  for (let i = 0; i < 3; i++) expect(await timeOfPut(lanes)).toBeLessThanOrEqual(1.5 * quiet);
  expect([...new Set(await lanes.until(answers))]).toEqual(["DA_STALLED"]);
  expect(asked / 2).toBeGreaterThan(share); // one after the other had its turn
});

it("a row that comes a byte at a time is no row that comes", async () => {
  const lanes = await threeHonest();
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const { offer, record } = await evilBlob(kzg, lanes);
  let sent = 0;
  evil.serve(METHODS.rows.name, async function* (_from, body) {
    for (const byte of record(rowsRequestType.deserialize(body).slots[0]!)) {
      await new Promise<void>((resolve) => lanes.clock.after(500, resolve));
      sent++;
      yield Uint8Array.of(byte);
    }
  });
  expect(await lanes.until(answerTo(evil, "v1", offer))).toBe("DA_STALLED");
  expect(sent).toBeGreaterThan(0);
});

it("rows that come slowly and steadily are waited for", async () => {
  const lanes = await threeHonest();
  const evil = lanes.net.join("v0", lanes.signers[0]!.publicKey);
  const { offer, record } = await evilBlob(kzg, lanes);
  evil.serve(METHODS.rows.name, async function* (_from, body) {
    for (const slot of rowsRequestType.deserialize(body).slots) {
      await new Promise<void>((resolve) => lanes.clock.after(3000, resolve)); // 40 KB/s
      yield record(slot);
    }
  });
  expect(await lanes.until(answerTo(evil, "v1", offer))).toBe("signed 96");
});
