/**
 * KZG and row arithmetic behind one asynchronous interface, so that a node can run it in a thread that does not vote. Calls for
 * one object may come in any order; an object's check is cached.
 */
import { createBoundedMap } from "@noema/core/bounded";
import { toHex } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { RowWithPath } from "./chunk-tree.ts";
import { type EncodedBlob, encodeBlob } from "./encode.ts";
import type { CellsOfRow, Kzg } from "./kzg.ts";
import { loadKzg } from "./load-kzg.ts";
import { loadMsm } from "./msm.ts";
import { type BlobMeta, type BlobObject, objectId } from "./object.ts";
import { rebuildRows } from "./rebuild.ts";
import { decodeRows } from "./row-code.ts";
import { type CheckedObject, checkObject, rowFault } from "./verify.ts";

export interface RowWorker {
  /** Loads what the first call would wait for: KZG's set-up, 2 s of CPU, and what is compiled. */
  prepare(): Promise<void>;
  /** Whether that is loaded. */
  isPrepared(): boolean;
  encode(meta: BlobMeta, payload: Bytes): Promise<EncodedBlob>;
  /** Rejects with DA_OBJECT_INVALID. */
  checkObject(object: BlobObject): Promise<void>;
  /** For each row: undefined when it is right, else what is wrong. Rejects with DA_OBJECT_INVALID. */
  checkRows(object: BlobObject, rows: readonly RowWithPath[]): Promise<(string | undefined)[]>;
  /** The R data rows from at least R checked rows. */
  decode(rows: readonly (readonly [slot: number, row: Bytes])[], R: number): Promise<Bytes[]>;
  /** The rows of any slots from at least R checked rows (rebuild.ts). */
  rebuild(object: BlobObject, rows: readonly (readonly [slot: number, row: Bytes])[], slots: readonly number[]): Promise<RowWithPath[]>;
  /** The KZG proofs of a blob transaction's sidecar; kzg.ts. */
  verifyBlobs(blobs: readonly Bytes[], commitments: readonly Bytes[], proofs: readonly Bytes[]): Promise<boolean>;
  /** The cells of a held row; kzg.ts. */
  makeCells(row: Bytes): Promise<CellsOfRow>;
  close(): Promise<void>;
}

const CHECKED_OBJECTS = 8;

/** On the calling thread. What `prepare` loads is loaded by the first call that needs it. */
export function createLocalRowWorker(load: () => Promise<Kzg> = loadKzg): RowWorker {
  let kzg: Promise<Kzg> | undefined;
  let prepared = false;
  const checked = createBoundedMap<string, Promise<CheckedObject>>(CHECKED_OBJECTS);

  async function loadAll(): Promise<Kzg> {
    try {
      const [own] = await Promise.all([load(), loadMsm()]);
      prepared = true;
      return own;
    } catch (error) {
      kzg = undefined; // the next call tries again
      throw error;
    }
  }

  function loaded(): Promise<Kzg> {
    kzg ??= loadAll();
    return kzg;
  }

  function check(object: BlobObject): Promise<CheckedObject> {
    // y and pi are not in the id: another y or pi is another key
    const key = [objectId(object), ...object.ys, object.proof].map(toHex).join();
    const known = checked.get(key);
    if (known !== undefined) return known;
    const fresh = loaded().then((k) => checkObject(k, object));
    fresh.catch(() => checked.delete(key));
    checked.set(key, fresh);
    return fresh;
  }

  return {
    async prepare() {
      await loaded();
    },
    isPrepared: () => prepared,
    encode: async (meta, payload) => encodeBlob(await loaded(), meta, payload),
    async checkObject(object) {
      await check(object);
    },
    async checkRows(object, rows) {
      const known = await check(object);
      return rows.map(({ slot, row, path }) => rowFault(known, slot, row, path));
    },
    decode: async (rows, R) => decodeRows(new Map(rows), R),
    rebuild: async (object, rows, slots) => rebuildRows(object, rows, slots),
    verifyBlobs: async (blobs, commitments, proofs) => (await loaded()).verifyBlobs(blobs, commitments, proofs),
    makeCells: async (row) => (await loaded()).makeCells(row),
    close: async () => {},
  };
}
