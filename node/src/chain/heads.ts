/**
 * Ethereum's tags (encoding.md): `latest` = finalized and executed, `safe` = the same, durable (each
 * block is durable before it becomes latest), `finalized` = its state root stands in a finalized header.
 */
import type { Height } from "@noema/core/ports/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { ExecutedBlock, Fees } from "@noema/execution/api";

export type Heads = {
  heights(): { latest: Height; safe: Height; finalized: Height };
  /** Of the block after `latest`. */
  nextFees(): Fees;
  executed(block: ExecutedBlock): void;
  /** A finalized header certifies the results up to this height. */
  certified(height: Height): void;
  onHead(f: (block: ExecutedBlock) => void): () => void;
};

export function createHeads(start: { latest: Height; nextFees: Fees; certified: Height }, alone: boolean, logger: Logger): Heads {
  let { latest, nextFees, certified } = start;
  const listeners = new Set<(block: ExecutedBlock) => void>();
  return {
    heights: () => ({ latest, safe: latest, finalized: alone ? latest : Math.min(certified, latest) }),
    nextFees: () => nextFees,
    executed(block) {
      latest = block.block.height;
      nextFees = block.nextFees;
      for (const listener of listeners) {
        try {
          listener(block);
        } catch (error) {
          logger.log("error", "a head listener failed", { height: latest, error: String(error) });
        }
      }
    },
    certified(height) {
      certified = Math.max(certified, height);
    },
    onHead(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
  };
}
