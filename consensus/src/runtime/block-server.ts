/** Answers questions for blocks and boundaries from the chain store and from the engine's blocks that are not final yet. */
import { servePeers, serveStored } from "@noema/core/peer-methods";
import type { Bytes, Hash, Height } from "@noema/core/ports/bytes";
import type { Clock } from "@noema/core/ports/clock";
import type { Network } from "@noema/core/ports/network";
import { consensusError } from "../errors.ts";
import type { ChainStore } from "../store/chain-store.ts";
import { type Block, type Boundary, LIMITS } from "../types.ts";
import { blockType } from "../wire/block.ts";
import { toBlock } from "../wire/body.ts";
import { type GetBlocks, METHODS } from "./methods.ts";

export type BlockServer = {
  /** The block and its ancestors, newest first, as many as are held here. */
  blocks(request: GetBlocks, limit?: number): Iterable<Block>;
  /** As `blocks`, encoded: what is final goes out as it is stored. Throws CONSENSUS_PRUNED to who lacks what was let go here. */
  encodedBlocks(request: GetBlocks): Iterable<Bytes>;
  boundaries(fromEpoch: number, limit?: number): Iterable<Boundary>;
};

export function createBlockServer(store: ChainStore, unfinalized: (hash: Hash) => Block | undefined): BlockServer {
  /** Blocks that are not final yet, down to the hash of one that is, or of one that is not here. */
  function* recent({ hash, count, above }: GetBlocks): Generator<Block, { hash: Hash; left: number }> {
    let [next, left] = [hash, count];
    for (; left > 0; left--) {
      const block = store.heightOf(next) === undefined ? unfinalized(next) : undefined;
      if (block === undefined || block.header.height <= above) break;
      yield block;
      next = block.header.parentHash;
    }
    return { hash: next, left };
  }

  function* walk<T>(
    request: GetBlocks,
    limit: number,
    ofRecent: (block: Block) => T,
    ofFinal: (height: Height) => T | undefined,
  ): Iterable<T> {
    const blocks = recent({ ...request, count: Math.min(request.count, limit) });
    let step = blocks.next();
    for (; !step.done; step = blocks.next()) yield ofRecent(step.value);
    let { left } = step.value;
    for (let height = store.heightOf(step.value.hash); height !== undefined && height > request.above && left > 0; height--, left--) {
      const block = ofFinal(height);
      if (block === undefined) return;
      yield block;
    }
  }

  return {
    blocks: (request, limit = LIMITS.blocks) => walk(request, limit, (block) => block, store.block),
    *encodedBlocks(request) {
      const first = { above: request.above + 1, oldest: store.oldest() };
      let found = false;
      for (const block of walk(request, LIMITS.blocks, (block) => blockType.serialize(toBlock(block)), store.encodedBlock)) {
        found = true;
        yield block;
      }
      if (!found && request.count > 0 && first.above < first.oldest)
        throw consensusError(
          "CONSENSUS_PRUNED",
          `blocks from ${first.above} on are lacked, and those below ${first.oldest} were let go`,
          first,
        );
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

export function serveBlocks(serving: { network: Network; clock: Clock }, server: BlockServer): void {
  serveStored(serving, METHODS.blocksByHash, (_, request) => paced(server.encodedBlocks(request)));
  servePeers(serving, METHODS.boundaryCerts, (_, { fromEpoch }) => paced(server.boundaries(fromEpoch)));
}

/** Some items a turn of the event loop: answering a far-behind peer does not hold up votes. */
async function* paced<T>(items: Iterable<T>): AsyncIterable<T> {
  let n = 0;
  for (const item of items) {
    yield item;
    if (++n % 16 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
