/** A blob transaction with a sidecar of the right form; its KZG proofs are zeros. */
import { concatBytes, equalBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { SidecarBlob, Sidecars } from "@noema/core/ports/sidecars";
import { rlpDecode } from "../../rlp/decode.ts";
import { rlpEncode, rlpInt } from "../../rlp/encode.ts";
import { versionedHash } from "../network-form.ts";
import { signTransaction, type TransactionFields } from "./sign-transaction.ts";

const COMMITMENT = new Uint8Array(48).fill(7);

/** `raw`: what goes on the chain; `wire`: what a client sends (EIP-7594's version, one blob). */
export function signBlobTransaction(fields: TransactionFields, secretKey: Bytes): { raw: Bytes; wire: Bytes } {
  const raw = signTransaction({ ...fields, type: 3, blobVersionedHashes: [versionedHash(COMMITMENT)] }, secretKey);
  const proofs = Array<Bytes>(128).fill(new Uint8Array(48));
  const parts = [rlpDecode(raw.subarray(1)), rlpInt(1), [new Uint8Array(131_072)], [COMMITMENT], proofs];
  return { raw, wire: concatBytes(raw.subarray(0, 1), rlpEncode(parts)) };
}

/** `kept`: what verified, in their order. */
export function memorySidecars(verifies: boolean): Pick<Sidecars, "keep" | "holds"> & { kept: SidecarBlob[] } {
  const kept: SidecarBlob[] = [];
  return {
    kept,
    async keep(sidecar) {
      if (verifies) kept.push(...sidecar);
      return verifies;
    },
    holds: async (hashes) => hashes.every((hash) => kept.some(({ commitment }) => equalBytes(versionedHash(commitment), hash))),
  };
}
