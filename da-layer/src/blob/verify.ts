/**
 * The receiver's arithmetic, in the order of da.md 2. Once for each object: points in the subgroup (or at infinity), y < p,
 * C* = sum rho^i C_i, the opening of C* at z, barycentric weights at z. For each row: Merkle path, canonical elements,
 * <row, weights> = sum L_i(x_s) y_i. A row that passes equals the combination of the committed rows (probability of error < 2^-102).
 */
import { isNoemaError, type NoemaError } from "@noema/core/errors";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { daError } from "../errors.ts";
import { evaluateRows, type Weights, weightsAt } from "./barycentric.ts";
import { aggregationFactor, evaluationPoint } from "./challenge.ts";
import { verifyRowPath } from "./chunk-tree.ts";
import { systematicCombination } from "./code-points.ts";
import { bytesToElement, elementToBytes, ROW_BYTES } from "./elements.ts";
import { P, powers } from "./field/scalars.ts";
import type { Kzg } from "./kzg.ts";
import { type G1Point, importPoint, loadMsm, multiScalar } from "./msm.ts";
import { type BlobObject, objectId } from "./object.ts";

export type CheckedObject = { object: BlobObject; ys: bigint[]; weights: Weights };

function invalid(why: string): NoemaError {
  return daError("DA_OBJECT_INVALID", `object: ${why}`);
}

/** Throws DA_OBJECT_INVALID. `id` is normally objectId(object): tests of the forgery pass another one. */
export async function checkObject(kzg: Kzg, object: BlobObject, id: Hash = objectId(object)): Promise<CheckedObject> {
  const { meta, commitments } = object;
  if (commitments.length !== meta.R || object.ys.length !== meta.R)
    throw invalid(`R is ${meta.R}, there are ${commitments.length} commitments`);
  const points = commitments.map(importCommitment);
  const ys = object.ys.map((bytes, i) => {
    const y = bytesToElement(bytes);
    if (y === undefined) throw invalid(`evaluation ${i} is not below p`);
    return y;
  });
  const z = evaluationPoint(id);
  const factors = powers(aggregationFactor(id, object.ys), meta.R);
  await loadMsm();
  const combined = multiScalar(points, factors);
  const y = ys.reduce((sum, value, i) => sum + value * factors[i]!, 0n) % P;
  if (!(await kzg.verify(combined, elementToBytes(z), elementToBytes(y), object.proof))) throw invalid("the opening does not verify");
  const weights = weightsAt(z);
  if (weights === undefined) throw invalid("z lies in the domain");
  return { object, ys, weights };
}

function importCommitment(bytes: Bytes, index: number): G1Point {
  try {
    return importPoint(bytes);
  } catch (error) {
    if (isNoemaError(error, "KEY_INVALID")) throw invalid(`commitment ${index}: ${error.message}`);
    throw error;
  }
}

/** undefined: the row is right. */
export function rowFault(checked: CheckedObject, slot: number, row: Bytes, path: readonly Hash[]): string | undefined {
  const { object } = checked;
  if (row.length !== ROW_BYTES) return "wrong length";
  if (!verifyRowPath(row, slot, object.meta.N, path, object.rowsRoot)) return "bad path";
  return valueFault(checked, slot, row);
}

/** The part of the check that is not the path. Alone it is unsound. */
export function valueFault({ object, ys, weights }: CheckedObject, slot: number, row: Bytes): string | undefined {
  const [value] = evaluateRows(weights, [row]);
  if (value === undefined) return "non-canonical element";
  const expected = systematicCombination(slot, object.meta.R).reduce((sum, c, i) => sum + c * ys[i]!, 0n) % P;
  return value === expected ? undefined : "wrong value";
}
