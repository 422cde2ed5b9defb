/** The receiver's rules, each with what it must catch. The forgery of da.md section 2 is a permanent negative test. */
import { concatBytes } from "@noema/core/bytes";
import { G1_INFINITY } from "@noema/core/crypto/g1";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { beforeAll, expect, it } from "vitest";
import { ROWS_3, testMeta, testPayload } from "../testing/blob.ts";
import { createKnownTauKzg } from "../testing/known-tau-kzg.ts";
import { parseRow, referenceValue, referenceWeights, serializeRow } from "../testing/row-reference.ts";
import { aggregationFactor, evaluationPoint } from "./challenge.ts";
import { merkleLevels, merklePath, rowLeaf } from "./chunk-tree.ts";
import { systematicCombination } from "./code-points.ts";
import { elementToBytes, packPayload } from "./elements.ts";
import { type EncodedBlob, encodeBlob } from "./encode.ts";
import { inverse, mod, P, powers } from "./field/scalars.ts";
import type { Kzg } from "./kzg.ts";
import { importPoint, multiScalar } from "./msm.ts";
import { type BlobObject, blobId, hashParts, objectId } from "./object.ts";
import { combineRows, extendRows } from "./row-code.ts";
import { type CheckedObject, checkObject, rowFault, valueFault } from "./verify.ts";

let kzg: Kzg;
let blob: EncodedBlob;
let checked: CheckedObject;

beforeAll(async () => {
  kzg = await createKnownTauKzg();
  blob = await encodeBlob(kzg, testMeta(ROWS_3), testPayload(ROWS_3));
  checked = await checkObject(kzg, blob.object);
});

const withObject = (change: Partial<BlobObject>): BlobObject => ({ ...blob.object, ...change });
const OPENING = "the opening does not verify";
const rejects = (object: BlobObject, why: string) =>
  expect(checkObject(kzg, object)).rejects.toMatchObject({ code: "DA_OBJECT_INVALID", message: expect.stringContaining(why) });

it("accepts every row of an honest object", () => {
  expect(blob.id).toEqual(objectId(blob.object));
  for (let s = 0; s < 9; s++) expect(rowFault(checked, s, blob.rows[s]!, blob.paths[s]!)).toBeUndefined();
});

it("the commitment of an extended row is the same combination of the commitments", async () => {
  const points = blob.object.commitments.map(importPoint);
  for (const s of [3, 5, 8]) expect(multiScalar(points, systematicCombination(s, 3))).toEqual(await kzg.commit(blob.rows[s]!));
});

it("rejects a row in another slot, a changed row, a wrong path and a non-canonical element", () => {
  const [row, path] = [blob.rows[4]!, blob.paths[4]!];
  expect(rowFault(checked, 5, row, blob.paths[5]!)).toBe("bad path");
  expect(rowFault(checked, 5, row, path)).toBe("bad path");
  expect(rowFault(checked, 4, row, path.slice(1))).toBe("bad path");
  expect(rowFault(checked, 9, row, path)).toBe("bad path");
  expect(rowFault(checked, 4, row.subarray(1), path)).toBe("wrong length");
  expect(valueFault(checked, 5, row)).toBe("wrong value");
  const changed = new Uint8Array(row);
  changed[100]! ^= 1;
  expect(rowFault(checked, 4, changed, path)).toBe("bad path");
  expect(valueFault(checked, 4, changed)).toBe("wrong value");
  const large = new Uint8Array(row);
  large.set(Buffer.from(P.toString(16).padStart(64, "0"), "hex"));
  expect(valueFault(checked, 4, large)).toBe("non-canonical element");
});

it("rejects swapped commitments, a changed y, compensated ys and a wrong opening", async () => {
  const { commitments, ys } = blob.object;
  await rejects(withObject({ commitments: [commitments[1]!, commitments[0]!, commitments[2]!] }), OPENING);
  await rejects(withObject({ ys: [ys[1]!, ys[0]!, ys[2]!] }), OPENING);
  await rejects(withObject({ ys: [ys[0]!, ys[1]!] }), "R is 3");
  await rejects(withObject({ proof: G1_INFINITY }), OPENING);
  await rejects(withObject({ rowsRoot: new Uint8Array(32) }), OPENING);
  // y_0 + rho d, y_1 - d keeps the sum under the old rho; rho covers the ys, so it moves
  const rho = aggregationFactor(blob.id, ys);
  const [y0, y1] = ys.map((y) => BigInt(`0x${Buffer.from(y).toString("hex")}`)) as [bigint, bigint];
  const shifted = [elementToBytes(mod(y0 + rho)), elementToBytes(mod(y1 - 1n)), ys[2]!];
  const factors = powers(rho, 3);
  const sum = (list: Bytes[]) => list.reduce((t, y, i) => mod(t + BigInt(`0x${Buffer.from(y).toString("hex")}`) * factors[i]!), 0n);
  expect(sum(shifted)).toBe(sum(ys));
  await rejects(withObject({ ys: shifted }), OPENING);
});

it("rejects ys at or above p, points outside the subgroup, off the curve and in no canonical form, and says which", async () => {
  const { commitments, ys } = blob.object;
  const commitment = (bad: Bytes) => withObject({ commitments: [commitments[0]!, bad, commitments[2]!] });
  await rejects(withObject({ ys: [new Uint8Array(32).fill(0xff), ys[1]!, ys[2]!] }), "evaluation 0 is not below p");
  await rejects(withObject({ ys: [ys[0]!, ys[1]!, elementBytes(P)] }), "evaluation 2 is not below p");
  const cases: [Bytes, string][] = [
    [outsideSubgroup(), "not in group"],
    [new Uint8Array(48), "Invalid encoding"],
    [concatBytes(Uint8Array.of(0xe0), new Uint8Array(47)), "Invalid encoding"], // infinity with a sign
    [concatBytes(Uint8Array.of(0xc0), new Uint8Array(46), Uint8Array.of(1)), "Invalid encoding"], // infinity and more
    [new Uint8Array(48).fill(0x9f), "Invalid encoding"], // x above the field's modulus
    [offCurve(), "not on curve"],
    [commitments[1]!.subarray(1), "48 bytes"],
  ];
  for (const [bad, why] of cases) {
    await rejects(commitment(bad), "commitment 1: ");
    await rejects(commitment(bad), why);
    await rejects(withObject({ proof: bad }), OPENING);
  }
});

it("the point at infinity is the commitment of an all-zero row, and only of that", async () => {
  const zero = await encodeBlob(kzg, testMeta(5), new Uint8Array(5));
  expect(zero.object.commitments[0]).toEqual(G1_INFINITY);
  const object = await checkObject(kzg, zero.object);
  expect(rowFault(object, 2, zero.rows[2]!, zero.paths[2]!)).toBeUndefined();
  const { commitments } = blob.object;
  await rejects(withObject({ commitments: [G1_INFINITY, commitments[1]!, commitments[2]!] }), OPENING);
});

/** Garbage that evaluates at z to what slot s must evaluate to: one linear equation in its last element. */
function forgeRow(s: number, z: bigint, ys: readonly bigint[]): Bytes {
  const weights = referenceWeights(z)!;
  const row = parseRow(packPayload(testPayload(100_000, 99))[0]!)!;
  const want = systematicCombination(s, 3).reduce((sum, c, i) => mod(sum + c * ys[i]!), 0n);
  const last = row.length - 1;
  row[last] = mod((want - referenceValue(weights, row)) * inverse(weights[last]!) + row[last]!);
  return serializeRow(row);
}

/** The broken variant: an id without rowsRoot. */
function brokenId(object: BlobObject): Hash {
  return hashParts([object.meta.namespace, ...object.commitments]);
}

it("the forgery at z passes only where rowsRoot is not in the id", async () => {
  const s = 4;
  const meta = testMeta(ROWS_3);
  const data = packPayload(testPayload(ROWS_3));
  const elements = data.map((row) => parseRow(row)!);
  const commitments = await Promise.all(data.map((row) => kzg.commit(row)));
  const open = async (id: Hash) => {
    const z = evaluationPoint(id);
    const ys = elements.map((row) => referenceValue(referenceWeights(z)!, row));
    const bytes = ys.map(elementToBytes);
    const [aggregate] = combineRows([powers(aggregationFactor(id, bytes), 3)], data);
    return { z, ys, bytes, proof: (await kzg.prove(aggregate!, elementToBytes(z))).proof };
  };
  const treeOf = (rows: Bytes[]) => {
    const levels = merkleLevels(rows.map(rowLeaf));
    return { rowsRoot: levels.at(-1)![0]!, path: merklePath(levels, s) };
  };
  const honest = [...data, ...extendRows(data, 9)];

  // broken: z is known before the delivered rows are chosen
  const brokenKey = brokenId({ ...blob.object, meta, commitments });
  const broken = await open(brokenKey);
  const forged = forgeRow(s, broken.z, broken.ys);
  const tree = treeOf(honest.with(s, forged));
  const brokenObject = { meta, rowsRoot: tree.rowsRoot, commitments, ys: broken.bytes, proof: broken.proof };
  const accepted = await checkObject(kzg, brokenObject, brokenKey);
  expect(rowFault(accepted, s, forged, tree.path)).toBeUndefined(); // the attack works
  expect(await kzg.commit(forged)).not.toEqual(await kzg.commit(honest[s]!));

  // ours: under the honest root the forged row has no path ...
  const real = await open(blobId(meta, treeOf(honest).rowsRoot, commitments));
  const aimed = forgeRow(s, real.z, real.ys);
  const object = await checkObject(kzg, { meta, rowsRoot: treeOf(honest).rowsRoot, commitments, ys: real.bytes, proof: real.proof });
  expect(valueFault(object, s, aimed)).toBeUndefined();
  expect(rowFault(object, s, aimed, treeOf(honest).path)).toBe("bad path");
  // ... and when the forged row is committed to, z moves
  const bad = treeOf(honest.with(s, aimed));
  const moved = await open(blobId(meta, bad.rowsRoot, commitments));
  const recommitted = await checkObject(kzg, { meta, rowsRoot: bad.rowsRoot, commitments, ys: moved.bytes, proof: moved.proof });
  expect(rowFault(recommitted, s, aimed, bad.path)).toBe("wrong value");
});

const Q = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;

function powerModQ(base: bigint, exponent: bigint): bigint {
  let r = 1n;
  for (let x = base % Q, k = exponent; k > 0n; k >>= 1n, x = (x * x) % Q) if (k & 1n) r = (r * x) % Q;
  return r;
}

/** The first x, from 4 on, with or without a y on the curve; the cofactor is not cleared. */
function point(onCurve: boolean): Bytes {
  for (let x = 4n; ; x++) {
    const rhs = (x * x * x + 4n) % Q;
    const y = powerModQ(rhs, (Q + 1n) / 4n);
    if (((y * y) % Q === rhs) !== onCurve) continue;
    const bytes = Buffer.from(x.toString(16).padStart(96, "0"), "hex");
    bytes[0]! |= 0x80 | (y > (Q - 1n) / 2n ? 0x20 : 0);
    return new Uint8Array(bytes);
  }
}

/** A point of E(Fp) that is not in the subgroup. */
const outsideSubgroup = () => point(true);
const offCurve = () => point(false);

function elementBytes(value: bigint): Bytes {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
}
