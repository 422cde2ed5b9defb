/** What describes an object, from the catalog or from whichever peer answers first, checked. */
import { createBoundedMap } from "@noema/core/bounded";
import { equalBytes, to0x, toHex } from "@noema/core/bytes";
import { askOne } from "@noema/core/peer-methods";
import type { Hash } from "@noema/core/ports/bytes";
import type { Peer } from "@noema/core/ports/network";
import { isMoreThanThird, weightOf } from "@noema/core/quorum";
import { indexOf } from "@noema/core/validator-index";
import { daError } from "../errors.ts";
import { withTimeout } from "../shared/requests.ts";
import type { Catalog } from "./catalog.ts";
import type { BlobLaneDeps } from "./deps.ts";
import { MAX_DATA_ROWS, rowCount } from "./elements.ts";
import { type BlobObject, objectId } from "./object.ts";
import { METHODS } from "./wire.ts";

/** A question is answered within 1 s. */
const ANSWER_MS = 800;
/** At most 10 KB each. */
const REMEMBERED = 256;

/**
 * undefined: it has no certificate, since more than a third of the stake does not know it, and who signs does while it is kept. Throws
 * DA_EXPIRED, DA_UNAVAILABLE where too few have answered to say that, DA_OBJECT_INVALID, and the signal's reason.
 */
export type FindObject = (id: Hash, signal: AbortSignal) => Promise<BlobObject | undefined>;

export function createFindObject(deps: BlobLaneDeps, catalog: Catalog): FindObject {
  const { network, clock, worker, finalizedHeight } = deps;
  const found = createBoundedMap<string, BlobObject>(REMEMBERED);

  /** What it says of itself is the object of this id, whose points are not checked yet. */
  async function ask(peer: Peer, id: Hash, signal: AbortSignal): Promise<BlobObject> {
    const object = await askOne(network, peer.id, METHODS.object, { id }, signal);
    const { meta } = object;
    // nothing is computed from numbers that a checked object cannot have
    if (!equalBytes(objectId(object), id) || meta.R < 1 || meta.R > MAX_DATA_ROWS || meta.R !== rowCount(meta.payloadLen))
      throw daError("DA_OBJECT_INVALID", `the answer is not the object ${to0x(id)}`);
    return object;
  }

  /** Of those connected, and of this node. */
  function isAbsent(without: readonly Peer[]): boolean {
    const set = deps.validatorSet();
    const keys = [deps.signer?.publicKey, ...without.map((peer) => peer.publicKey)];
    const indexes = keys.map((key) => indexOf(set, key)).filter((index) => index !== undefined);
    return isMoreThanThird(weightOf(set, new Set(indexes)), set.total);
  }

  async function fromPeers(id: Hash, signal: AbortSignal): Promise<BlobObject | undefined> {
    const peers = network.peers();
    const without: Peer[] = [];
    const askOf = (peer: Peer, s: AbortSignal) =>
      ask(peer, id, s).catch((error) => {
        if (!s.aborted) without.push(peer);
        throw error;
      });
    try {
      return await withTimeout(clock, ANSWER_MS, signal, (s) => Promise.any(peers.map((peer) => askOf(peer, s))));
    } catch {
      signal.throwIfAborted();
      if (isAbsent(without)) return undefined;
      throw daError(
        "DA_UNAVAILABLE",
        `${to0x(id)} is not known here, and too few other validators have answered to say that it is not kept`,
      );
    }
  }

  /** By a data worker that may have to load its set-up first, so behind the time in which peers answer. */
  async function checkedFromPeers(id: Hash, signal: AbortSignal): Promise<BlobObject | undefined> {
    const object = await fromPeers(id, signal);
    if (object === undefined) return undefined;
    await worker.checkObject(object);
    found.set(toHex(id), object);
    return object;
  }

  return async (id, signal) => {
    const object = catalog.object(id) ?? found.get(toHex(id)) ?? (await checkedFromPeers(id, signal));
    const expiry = object?.meta.expiry ?? catalog.expiredAt(id);
    if (expiry !== undefined && expiry < finalizedHeight())
      throw daError("DA_EXPIRED", `object ${to0x(id)} was kept to height ${expiry}`, { expiry });
    return object;
  };
}
