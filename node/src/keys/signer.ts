import { publicKeyOf, sign } from "@noema/core/crypto/bls";
import type { OwnSignatures } from "@noema/core/crypto/own-signatures";
import { signedMessage } from "@noema/core/crypto/signed-message";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Signer } from "@noema/core/ports/signing";
import { publicKeyHex } from "@noema/core/validator-index";

/** Signs with a key that no property of the result shows; `own` hears of each signature. */
export function createSigner(secretKey: Bytes, genesisHash: Hash, own?: OwnSignatures): Signer {
  const publicKey = publicKeyOf(secretKey);
  return {
    publicKey: publicKeyHex(publicKey),
    async sign(kind, body) {
      const message = signedMessage(kind, genesisHash, body);
      const signature = sign(secretKey, message);
      own?.made(publicKey, message, signature);
      return signature;
    },
  };
}
