/** The publisher's arithmetic: payload to rows, commitments, extension, tree, id, evaluations and one opening. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { evaluate, weightsAt } from "./barycentric.ts";
import { aggregationFactor, evaluationPoint } from "./challenge.ts";
import { merkleLevels, merklePath, rowLeaf } from "./chunk-tree.ts";
import { elementToBytes, packPayload, parseRow, serializeRow } from "./elements.ts";
import { P } from "./field.ts";
import type { Kzg } from "./kzg.ts";
import { type BlobMeta, type BlobObject, blobId } from "./object.ts";
import { combineRows, extendRows } from "./row-code.ts";

/** Rows in the order of slots; paths[s] proves row s under rowsRoot. */
export type EncodedBlob = { id: Hash; object: BlobObject; rows: Bytes[]; paths: Hash[][] };

/** `meta.R`, `meta.N`, `meta.payloadLen` fit the payload. */
export async function encodeBlob(kzg: Kzg, meta: BlobMeta, payload: Bytes): Promise<EncodedBlob> {
  const data = packPayload(payload);
  const committing = Promise.all(data.map((row) => kzg.commit(row))); // eth-kzg commits in threads of its own meanwhile
  const elements = data.map((row) => parseRow(row)!);
  const rows = [...data, ...extendRows(elements, meta.N).map(serializeRow)];
  const levels = merkleLevels(rows.map(rowLeaf));
  const rowsRoot = levels.at(-1)![0]!;
  const commitments = await committing;
  const id = blobId(meta, rowsRoot, commitments);
  const z = evaluationPoint(id);
  const weights = weightsAt(z);
  if (weights === undefined) throw new RangeError("z lies in the domain"); // probability 2^-243
  const ys = elements.map((row) => elementToBytes(evaluate(weights, row)));
  const { proof } = await kzg.prove(serializeRow(combineRows(powers(aggregationFactor(id, ys), meta.R), elements)), elementToBytes(z));
  return { id, object: { meta, rowsRoot, commitments, ys, proof }, rows, paths: rows.map((_, s) => merklePath(levels, s)) };
}

/** base^0 .. base^(count-1) */
export function powers(base: bigint, count: number): bigint[] {
  const out = [1n];
  while (out.length < count) out.push((out.at(-1)! * base) % P);
  return out;
}
