import { sign } from "@noema/core/crypto/bls";
import { signedMessage } from "@noema/core/crypto/signed-message";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Signer } from "@noema/core/ports/signing";

/** Signs with a key that no property of the result shows. */
export function createSigner(secretKey: Bytes, genesisHash: Hash, index: number): Signer {
  return { index, sign: async (kind, body) => sign(secretKey, signedMessage(kind, genesisHash, body)) };
}
