/** What a node answers to who samples: what it knows of an object, cells of rows it holds, and of others through the holder. */
import { to0x } from "@noema/core/bytes";
import { isNoemaError } from "@noema/core/errors";
import { askPeer, servePeers } from "@noema/core/peer-methods";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert } from "@noema/core/ports/data";
import type { Peer } from "@noema/core/ports/network";
import { publicKeyAt } from "@noema/core/validator-index";
import { assignSlots } from "../blob/assignment.ts";
import type { Catalog } from "../blob/catalog.ts";
import type { BlobLaneDeps } from "../blob/deps.ts";
import type { BlobObject } from "../blob/object.ts";
import { METHODS } from "../blob/wire.ts";
import { daError } from "../errors.ts";
import { withTimeout } from "../shared/requests.ts";
import type { CellMaker } from "./cell-maker.ts";
import { checkCellPlaces } from "./cells.ts";

/** A row that waits for others is cut and kept meanwhile: who asks again finds it. */
const HOLDER_MS = 5000;

/** `holders`: the validator of each slot by index, where this node knows the assignment. */
export type Sampled = { object: BlobObject; cert?: AvailabilityCert; height?: Height; holders?: readonly number[] };

export interface SamplingFace {
  /** undefined: unknown here and to connected peers. */
  sampled(id: Hash, signal: AbortSignal): Promise<Sampled | undefined>;
  /**
   * Proven cells (cells.ts), encoded, in the order of `indices`. `asker` names whose share of the queue it is. Throws
   * DA_CELL_PLACE_INVALID, DA_NOT_FOUND, DA_ROW_NOT_HELD, DA_CELLS_BUSY.
   */
  cells(asker: string, id: Hash, slot: number, indices: readonly number[], signal: AbortSignal): Promise<Bytes[]>;
}

export type CellServerParts = {
  deps: BlobLaneDeps;
  catalog: Catalog;
  maker: CellMaker;
  findObject(id: Hash, signal: AbortSignal): Promise<BlobObject | undefined>;
};

export function createCellServer({ deps, catalog, maker, findObject }: CellServerParts): SamplingFace & { serve(): void } {
  const { network, clock } = deps;

  function holdersOf({ meta }: BlobObject): number[] | undefined {
    const [set, seed] = [deps.validatorSetOf(meta.epoch), deps.epochSeed(meta.epoch)];
    if (set === undefined || seed === undefined) return undefined;
    const holders = new Array<number>(meta.N);
    for (const { validator, from, to } of assignSlots(set, meta.R, seed, meta.publisher, meta.nonce).ranges)
      holders.fill(validator, from, to);
    return holders;
  }

  /** Connected, and not this node itself. */
  function holderOf(object: BlobObject, slot: number): Peer | undefined {
    const set = deps.validatorSetOf(object.meta.epoch);
    const holder = holdersOf(object)?.[slot];
    const key = set && holder !== undefined ? publicKeyAt(set, holder) : undefined;
    return key && network.peers().find((peer) => peer.publicKey === key);
  }

  async function askHolder(peer: Peer, id: Hash, slot: number, indices: readonly number[], signal: AbortSignal): Promise<Bytes[]> {
    const asked = async (abort: AbortSignal) => {
      const cells: Bytes[] = [];
      const question = { id, slot, cells: [...indices] };
      for await (const cell of askPeer(network, peer.id, METHODS.cells, question, abort, indices.length)) cells.push(cell);
      return cells;
    };
    const cells = await withTimeout(clock, HOLDER_MS, signal, asked).catch((error) => {
      signal.throwIfAborted();
      if (!isNoemaError(error) || error.data.reason === "DA_CELLS_BUSY")
        throw daError("DA_CELLS_BUSY", `the holder of row ${slot} cuts other rows, or is silent`, {}, error);
      throw daError("DA_ROW_NOT_HELD", `row ${slot} is not held here, and its holder gave no cells`, {}, error);
    });
    if (cells.length !== indices.length) throw daError("DA_ROW_NOT_HELD", `${cells.length} of ${indices.length} cells of row ${slot} came`);
    return cells;
  }

  async function required(id: Hash, signal: AbortSignal): Promise<BlobObject> {
    const object = await findObject(id, signal);
    if (object === undefined) throw daError("DA_NOT_FOUND", `object ${to0x(id)} is not known here or to a connected peer`);
    return object;
  }

  return {
    serve() {
      servePeers(deps, METHODS.cells, async function* (from, { id, slot, cells }) {
        const object = catalog.object(id); // of others' objects nothing is asked on
        if (object === undefined) throw daError("DA_NOT_FOUND", `object ${to0x(id)} is not held here`);
        checkCellPlaces(slot, cells, object.meta.N);
        yield* await maker.cells(from.publicKey ?? from.id, id, slot, cells);
      });
    },
    async sampled(id, signal) {
      const object = await findObject(id, signal);
      return object && { object, cert: catalog.cert(id), height: catalog.entry(id)?.height, holders: holdersOf(object) };
    },
    async cells(asker, id, slot, indices, signal) {
      const object = await required(id, signal);
      checkCellPlaces(slot, indices, object.meta.N);
      if (catalog.entry(id)?.rows.has(slot)) return maker.cells(asker, id, slot, indices);
      const holder = holderOf(object, slot);
      if (holder === undefined) throw daError("DA_ROW_NOT_HELD", `row ${slot} is not held here, and its holder is not connected`);
      return askHolder(holder, id, slot, indices, signal);
    },
  };
}
