/** Offers of a publisher that the test plays. Test support, no production code. */
import type { SimPeer } from "@noema/core/testing/sim-network";
import { ROW_BYTES, ROW_PAYLOAD } from "../blob/elements.ts";
import { type EncodedBlob, encodeBlob } from "../blob/encode.ts";
import type { Kzg } from "../blob/kzg.ts";
import { encodeRowRecord } from "../blob/row-record.ts";
import { type BlobOffer, METHODS, offerType, rowsRequestType } from "../blob/wire.ts";
import { testMeta, testPayload } from "./blob.ts";
import { type BlobLanes, readAll } from "./blob-lanes.ts";

/** R = 2: of four equal validators two slots each, N = 8. */
export const TWO_ROWS = testPayload(ROW_PAYLOAD + 5000);

export type EvilBlob = { encoded: EncodedBlob; offer: BlobOffer; record: (slot: number) => Uint8Array };

/** An object of v0, as good as any. */
export async function evilBlob(kzg: Kzg, lanes: BlobLanes, own = {}): Promise<EvilBlob> {
  const meta = testMeta(TWO_ROWS.length, { publisher: lanes.set.members[0]!.feeAddress, R: 2, N: 8, nonce: 0, expiry: 5000, ...own });
  const encoded = await encodeBlob(kzg, meta, TWO_ROWS);
  const header = {
    epoch: meta.epoch,
    publisher: 0,
    seq: meta.nonce,
    refHeight: 10,
    bytes: 8 * ROW_BYTES,
    gasLimitSum: 0n,
    expiry: meta.expiry,
    id: encoded.id,
  };
  const record = (slot: number) => encodeRowRecord({ slot, row: encoded.rows[slot]!, path: encoded.paths[slot]! });
  return { encoded, offer: { header, object: encoded.object }, record };
}

/** What `to` says to an offer: "signed 96", or the code. */
export function answerTo(evil: SimPeer, to: string, offer: BlobOffer): Promise<string> {
  return readAll(evil.request(to, METHODS.offer.name, offerType.serialize(offer), 96, new AbortController().signal)).then(
    (signature) => `signed ${signature.length}`,
    (error) => error.data.reason,
  );
}

/** As `answerTo`, of v1, which is given these rows and told of no others. */
export function offerFrom(
  lanes: BlobLanes,
  evil: SimPeer,
  offer: BlobOffer,
  rows: (slot: number) => Uint8Array | undefined,
): Promise<string> {
  evil.serve(METHODS.rows.name, async function* (_from, body) {
    for (const slot of rowsRequestType.deserialize(body).slots) {
      const record = rows(slot);
      if (record !== undefined) yield record;
    }
  });
  return lanes.until(answerTo(evil, "v1", offer));
}
