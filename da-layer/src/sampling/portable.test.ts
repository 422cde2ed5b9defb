/** What a light client hashes is what nodes hash, whatever the numbers and bytes. */
import { signedMessage } from "@noema/core/crypto/signed-message";
import { availabilityBody } from "@noema/core/types/availability";
import fc from "fast-check";
import { expect, it } from "vitest";
import { blobId } from "../blob/object.ts";
import { portableBlobId, portableBody, portableMessage } from "./portable.ts";

const number = fc.maxSafeNat();
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const meta = fc.record({
  version: number,
  chainId: number,
  namespace: fc.uint8Array({ maxLength: 32 }),
  publisher: bytes(20),
  nonce: number,
  epoch: number,
  R: number,
  N: number,
  payloadLen: number,
  expiry: number,
});
const header = fc.record({
  epoch: number,
  publisher: number,
  seq: number,
  refHeight: number,
  bytes: number,
  gasLimitSum: fc.bigInt(0n, 2n ** 64n - 1n),
  expiry: number,
  id: bytes(32),
});

it("ids", () => {
  fc.assert(
    fc.property(meta, bytes(32), fc.array(bytes(48), { maxLength: 5 }), (m, root, commitments) => {
      expect(portableBlobId(m, root, commitments)).toEqual(blobId(m, root, commitments));
    }),
  );
});

it("what signers of a certificate sign", () => {
  fc.assert(
    fc.property(header, bytes(32), (h, genesis) => {
      const body = availabilityBody(h);
      expect(portableBody(h)).toEqual(body);
      expect(portableMessage("blob", genesis, body)).toEqual(signedMessage("blob", genesis, body));
    }),
  );
});
