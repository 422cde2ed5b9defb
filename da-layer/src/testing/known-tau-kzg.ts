/**
 * KZG with a set-up whose secret everybody knows: a commitment is one scalar multiplication, so tests need no set-up file. Same
 * equations and encodings as the real one, no security at all. Test support, no production code.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { toHex } from "@noema/core/bytes";
import { publicKeyOf } from "@noema/core/crypto/bls";
import { sha256 } from "@noema/core/hash";
import { evaluateRows, weightsAt } from "../blob/barycentric.ts";
import { bytesToElement, elementToBytes } from "../blob/elements.ts";
import { inverse, mod, P, power } from "../blob/field/scalars.ts";
import type { Kzg } from "../blob/kzg.ts";
import { importPoint, loadMsm, multiScalar } from "../blob/msm.ts";
import { CELL_BYTES } from "../sampling/cells.ts";
import { cellShift, cellsOf, interpolateCell } from "./row-cells.ts";

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
  /** C - I(tau) G = (tau^64 - h^64) pi. */
  function isCellRight(commitment: Uint8Array, index: number, cell: Uint8Array, proof: Uint8Array): boolean {
    const value = cell.length === CELL_BYTES ? interpolateCell(index, cell, TAU) : undefined;
    if (value === undefined) return false;
    try {
      const left = multiScalar([importPoint(commitment), generator], [1n, mod(-value)]);
      return Buffer.compare(left, multiScalar([importPoint(proof)], [mod(power(TAU, 64n) - cellShift(index))])) === 0;
    } catch {
      return false;
    }
  }
  /** Thousands of samples are of the same few rows. */
  const verified = createBoundedMap<string, boolean>(16_384);
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
    async makeCells(row) {
      const value = valueAt(TAU, row);
      const cells = cellsOf(row);
      const proofs = cells.map((cell, k) => {
        const rest = mod(value - interpolateCell(k, cell, TAU)!);
        return times((rest * inverse(mod(power(TAU, 64n) - cellShift(k)))) % P);
      });
      return { cells, proofs };
    },
    async verifyCells(commitments, indices, cells, proofs) {
      return cells.every((cell, i) => {
        const key = toHex(sha256(commitments[i]!, Uint8Array.of(indices[i]!), cell, proofs[i]!));
        const known = verified.get(key) ?? isCellRight(commitments[i]!, indices[i]!, cell, proofs[i]!);
        verified.set(key, known);
        return known;
      });
    },
    /** Who knows tau needs no proof. */
    async verifyBlobs(blobs, commitments) {
      const own = blobs.map((blob) => times(valueAt(TAU, blob)));
      return own.every((commitment, i) => Buffer.compare(commitment, commitments[i] ?? new Uint8Array()) === 0);
    },
  };
}
