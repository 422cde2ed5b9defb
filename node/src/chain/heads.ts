/**
 * Ethereum's tags (encoding.md): `latest` = finalized and executed, `safe` = the same, durable (each
 * block is durable before it becomes latest), `finalized` = a finalized header carries this node's own result for it or for a later
 * one. So `finalized` never shows a block whose result was contradicted, not even before the contradiction is noticed.
 */
import type { Height } from "@noema/core/ports/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { ExecutedBlock, Fees } from "@noema/execution/api";

export type Heads = {
  heights(): { latest: Height; safe: Height; finalized: Height };
  /** Of the block after `latest`. */
  nextFees(): Fees;
  executed(block: ExecutedBlock): void;
  /** A finalized header carries the own result of this height, and so certifies those up to it. */
  agreed(height: Height): void;
  /** What is executed is doubtful from now on: `safe` falls back to what others certified. */
  doubt(): void;
  onHead(f: (block: ExecutedBlock) => void): () => void;
};

export function createHeads(start: { latest: Height; nextFees: Fees }, alone: boolean, logger: Logger): Heads {
  let { latest, nextFees } = start;
  let agreed = 0;
  let doubted = false;
  const finalized = () => (alone && !doubted ? latest : Math.min(agreed, latest));
  const listeners = new Set<(block: ExecutedBlock) => void>();
  return {
    heights: () => ({ latest, safe: doubted ? finalized() : latest, finalized: finalized() }),
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
    agreed(height) {
      agreed = Math.max(agreed, height);
    },
    doubt() {
      doubted = true;
    },
    onHead(f) {
      listeners.add(f);
      return () => listeners.delete(f);
    },
  };
}
