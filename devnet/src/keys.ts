import { compareBytes } from "@noema/core/bytes";
import { generateSecretKey, publicKeyOf } from "@noema/core/crypto/bls";

/** New validator keys in the order that genesis gives validators their index: by public key. */
export function generateValidatorKeys(count: number): Uint8Array[] {
  const keys = Array.from({ length: count }, generateSecretKey);
  return keys.sort((a, b) => compareBytes(publicKeyOf(a), publicKeyOf(b)));
}
