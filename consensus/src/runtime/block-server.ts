/** Answers questions for blocks and boundaries from the chain store and from the engine's blocks that are not final yet. */
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { Network } from "@noema/core/ports/network";
import type { ChainStore } from "../store/chain-store.ts";
import { type Block, type Boundary, LIMITS, type Request } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { toBlock, toBoundary, toOptionalCert } from "../wire/convert.ts";
import { decodeBounded } from "../wire/decode.ts";
import { boundaryType, finalBlockType, getBlocksType, getBoundariesType, getRangeType } from "../wire/messages.ts";
import { METHODS } from "./methods.ts";

type GetBlocks = Omit<Extract<Request, { type: "GetBlocks" }>, "type">;

export type BlockServer = {
  /** The block and its ancestors, newest first, as many as are held here. */
  blocks(request: GetBlocks, limit?: number): Iterable<Block>;
  boundaries(fromEpoch: number, limit?: number): Iterable<Boundary>;
};

export function createBlockServer(store: ChainStore, unfinalized: (hash: Hash) => Block | undefined): BlockServer {
  const find = (hash: Hash): Block | undefined => {
    const height = store.heightOf(hash);
    return height === undefined ? unfinalized(hash) : store.block(height);
  };
  return {
    *blocks({ hash, count, above }, limit = LIMITS.blocks) {
      let block = find(hash);
      for (let i = 0; i < Math.min(count, limit) && block !== undefined && block.header.height > above; i++) {
        yield block;
        block = find(block.header.parentHash);
      }
    },
    *boundaries(fromEpoch, limit = LIMITS.boundaries) {
      for (let epoch = fromEpoch; epoch < fromEpoch + limit; epoch++) {
        const boundary = store.boundary(epoch);
        if (boundary === undefined) return;
        yield boundary;
      }
    },
  };
}

export function serveBlocks(network: Network, store: ChainStore, server: BlockServer): void {
  network.serve(METHODS.blocksByHash.name, (_, body) =>
    encoded(server.blocks(decodeBounded(getBlocksType, body)), (block) => blockType.serialize(toBlock(block))),
  );
  network.serve(METHODS.boundaryCerts.name, (_, body) =>
    encoded(server.boundaries(decodeBounded(getBoundariesType, body).fromEpoch), (b) => boundaryType.serialize(toBoundary(b))),
  );
  network.serve(METHODS.blocksByRange.name, (_, body) => {
    const { from, to } = decodeBounded(getRangeType, body);
    return encoded(range(store, from, Math.min(to, from + LIMITS.blocks - 1)), (bytes) => bytes);
  });
}

function* range(store: ChainStore, from: number, to: number): Iterable<Bytes> {
  for (let height = Math.max(1, from); height <= Math.min(to, store.tip()); height++) {
    const block = store.block(height);
    if (block === undefined) return;
    const finalization = toOptionalCert(store.certificates(height).finalization);
    yield finalBlockType.serialize({ block: toBlock(block), finalization });
  }
}

/** One item a turn of the event loop: answering a far-behind peer does not hold up votes. */
async function* encoded<T>(items: Iterable<T>, encode: (item: T) => Bytes): AsyncIterable<Bytes> {
  let n = 0;
  for (const item of items) {
    yield encode(item);
    if (++n % 16 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
