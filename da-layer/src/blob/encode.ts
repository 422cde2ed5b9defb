/** The publisher's arithmetic: payload to rows, commitments, extension, tree, id, evaluations and one opening. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import { evaluateRows, weightsAt } from "./barycentric.ts";
import { aggregationFactor, evaluationPoint } from "./challenge.ts";
import { merkleLevels, merklePath, rowLeaf } from "./chunk-tree.ts";
import { elementToBytes, packPayload } from "./elements.ts";
import { powers } from "./field/scalars.ts";
import type { Kzg } from "./kzg.ts";
import { type BlobMeta, type BlobObject, blobId } from "./object.ts";
import { combineRows, extendRows } from "./row-code.ts";

/** Rows in the order of slots; paths[s] proves row s under rowsRoot. */
export type EncodedBlob = { id: Hash; object: BlobObject; rows: Bytes[]; paths: Hash[][] };

/** `meta.R`, `meta.N`, `meta.payloadLen` fit the payload. */
export async function encodeBlob(kzg: Kzg, meta: BlobMeta, payload: Bytes): Promise<EncodedBlob> {
  const data = packPayload(payload);
  const committing = Promise.all(data.map((row) => kzg.commit(row))); // eth-kzg commits in threads of its own meanwhile
  const rows = [...data, ...extendRows(data, meta.N)];
  const levels = merkleLevels(rows.map(rowLeaf));
  const rowsRoot = levels.at(-1)![0]!;
  const commitments = await committing;
  const id = blobId(meta, rowsRoot, commitments);
  const z = evaluationPoint(id);
  const weights = weightsAt(z);
  if (weights === undefined) throw new RangeError("z lies in the domain"); // probability 2^-243
  const ys = evaluateRows(weights, data).map((y) => elementToBytes(y!)); // packed rows are canonical
  const [aggregate] = combineRows([powers(aggregationFactor(id, ys), meta.R)], data) as [Bytes];
  const { proof } = await kzg.prove(aggregate, elementToBytes(z));
  return { id, object: { meta, rowsRoot, commitments, ys, proof }, rows, paths: rows.map((_, s) => merklePath(levels, s)) };
}
