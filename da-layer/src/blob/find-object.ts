/** What describes an object, from the catalog or from whichever peer answers first, checked. */
import { createBoundedMap } from "@noema/core/bounded";
import { equalBytes, to0x, toHex } from "@noema/core/bytes";
import { askOne } from "@noema/core/peer-methods";
import type { Hash } from "@noema/core/ports/bytes";
import type { Peer } from "@noema/core/ports/network";
import { daError } from "../errors.ts";
import { withTimeout } from "../shared/requests.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";
import { rowCount } from "./elements.ts";
import { type BlobObject, MAX_DATA_ROWS, objectId } from "./object.ts";
import { METHODS } from "./wire.ts";

/** A question is answered within 1 s: who has not told by then does not know it. */
const ANSWER_MS = 800;
/** At most 10 KB each. */
const REMEMBERED = 256;

/** undefined when nobody connected knows it. Throws DA_EXPIRED, and the signal's reason. */
export type FindObject = (id: Hash, signal: AbortSignal) => Promise<BlobObject | undefined>;

export function createFindObject({ network, clock, worker, finalizedHeight }: BlobLaneDeps, catalog: Catalog): FindObject {
  const found = createBoundedMap<string, BlobObject>(REMEMBERED);

  /** Checks that it is the one of this id; its points are checked with its first rows. */
  async function ask(peer: Peer, id: Hash, signal: AbortSignal): Promise<BlobObject> {
    const object = await askOne(network, peer.id, METHODS.object, { id }, signal);
    const { meta } = object;
    // nothing is computed from numbers that a checked object cannot have
    if (!equalBytes(objectId(object), id) || meta.R < 1 || meta.R > MAX_DATA_ROWS || meta.R !== rowCount(meta.payloadLen))
      throw daError("DA_OBJECT_INVALID", `the answer is not the object ${to0x(id)}`);
    await worker.checkObject(object);
    return object;
  }

  async function fromPeers(id: Hash, signal: AbortSignal): Promise<BlobObject | undefined> {
    try {
      const object = await withTimeout(clock, ANSWER_MS, signal, (s) => Promise.any(network.peers().map((peer) => ask(peer, id, s))));
      found.set(toHex(id), object);
      return object;
    } catch {
      signal.throwIfAborted();
      return undefined;
    }
  }

  return async (id, signal) => {
    const object = catalog.object(id) ?? found.get(toHex(id)) ?? (await fromPeers(id, signal));
    const expiry = object?.meta.expiry ?? catalog.expiredAt(id);
    if (expiry !== undefined && expiry < finalizedHeight())
      throw daError("DA_EXPIRED", `object ${to0x(id)} was kept to height ${expiry}`, { expiry });
    return object;
  };
}
