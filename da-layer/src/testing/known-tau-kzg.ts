/**
 * KZG with a set-up whose secret everybody knows: a commitment is one scalar multiplication, so tests need no set-up file. Same
 * equations and encodings as the real one, no security at all. Test support, no production code.
 */
import { publicKeyOf } from "@noema/core/crypto/bls";
import { evaluateRows, weightsAt } from "../blob/barycentric.ts";
import { bytesToElement, elementToBytes } from "../blob/elements.ts";
import { inverse, mod, P } from "../blob/field/scalars.ts";
import type { Kzg } from "../blob/kzg.ts";
import { importPoint, loadMsm, multiScalar } from "../blob/msm.ts";

const TAU = 0x1234567890abcdef1234567890abcdef1234567890abcdefn;
/** The generator of G1: the public key of secret 1. */
const ONE = publicKeyOf(elementToBytes(1n));

export async function createKnownTauKzg(): Promise<Kzg> {
  await loadMsm();
  const generator = importPoint(ONE);
  const weights = weightsAt(TAU)!;
  const times = (scalar: bigint) => multiScalar([generator], [scalar]);
  const valueAt = (z: bigint, row: Uint8Array) => {
    const [value] = evaluateRows(z === TAU ? weights : weightsAt(z)!, [row]);
    if (value === undefined) throw new RangeError("non-canonical element");
    return value;
  };
  return {
    name: "known-tau",
    commit: async (row) => times(valueAt(TAU, row)),
    async prove(row, z) {
      const point = bytesToElement(z)!;
      const y = valueAt(point, row);
      return { proof: times((mod(valueAt(TAU, row) - y) * inverse(TAU - point)) % P), y: elementToBytes(y) };
    },
    async verify(commitment, z, y, proof) {
      const [point, value] = [bytesToElement(z), bytesToElement(y)];
      if (point === undefined || value === undefined) return false;
      try {
        // C - y G = (tau - z) pi
        const left = multiScalar([importPoint(commitment), generator], [1n, mod(-value)]);
        return Buffer.compare(left, multiScalar([importPoint(proof)], [mod(TAU - point)])) === 0;
      } catch {
        return false;
      }
    },
    /** Who knows tau needs no proof. */
    async verifyBlobs(blobs, commitments) {
      const own = blobs.map((blob) => times(valueAt(TAU, blob)));
      return own.every((commitment, i) => Buffer.compare(commitment, commitments[i] ?? new Uint8Array()) === 0);
    },
  };
}
