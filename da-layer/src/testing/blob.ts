/** Objects for tests. Test support, no production code. */
import { createSeededRandom } from "@noema/core/testing/seeded-random";
import { ROW_PAYLOAD, rowCount } from "../blob/elements.ts";
import type { BlobMeta } from "../blob/object.ts";

export function testPayload(bytes: number, seed = 1): Uint8Array {
  return createSeededRandom(seed).bytes(bytes);
}

/** R data rows and N = 3R. */
export function testMeta(payloadLen: number, own: Partial<BlobMeta> = {}): BlobMeta {
  const R = rowCount(payloadLen);
  return {
    version: 1,
    chainId: 7,
    namespace: Uint8Array.of(1, 2),
    publisher: new Uint8Array(20).fill(3),
    nonce: 4,
    epoch: 0,
    R,
    N: 3 * R,
    payloadLen,
    expiry: 5000,
    ...own,
  };
}

export const ROWS_3 = 2 * ROW_PAYLOAD + 1000;
