/**
 * Ethereum's tags (encoding.md 8): `latest` = finalized and executed, `safe` = the same, durable (each
 * block is durable before it becomes latest), `finalized` = a finalized header carries this node's own result for it or for a later
 * one. So `finalized` never shows a block whose result was contradicted, not even before the contradiction is noticed. Heights never fall;
 * a number does where a revert takes blocks out of the chain, and then no tag names one of them: the revert may be certified later.
 */
import { blockNumber } from "@noema/core/block-number";
import type { BlockNumber, Height } from "@noema/core/ports/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { ExecutedBlock, Fees } from "@noema/execution/api";
import type { DevView } from "@noema/execution/system/dev-view";

/** The newest EVM block after a consensus block. */
export type Head = { height: Height; number: BlockNumber };
export type Tags = { latest: Head; safe: Head; finalized: Head };

export type Heads = {
  tags(): Tags;
  /** Of the block after `latest`. */
  nextFees(): Fees;
  /** Of a development chain, after `latest`. */
  controls(): DevView | undefined;
  executed(block: ExecutedBlock): void;
  /** A finalized header carries the own result of this height, and so certifies those up to it. */
  agreed(result: Head): void;
  /** What is executed is doubtful from now on: `safe` falls back to what others certified. */
  doubt(): void;
  onHead(f: (block: ExecutedBlock) => void): () => void;
};

/** Those of a chain, in order of height, that took it back. */
export function revertsAmong(results: readonly Head[]): Head[] {
  return results
    .filter(({ number }, i) => i > 0 && number < (results[i - 1] as Head).number)
    .map(({ height, number }) => ({ height, number }));
}

/** `reverts`: of the newest heights, which may not be certified yet. */
export function createHeads(
  start: { latest: Head; nextFees: Fees; dev?: DevView; reverts?: readonly Head[] },
  alone: boolean,
  logger: Logger,
): Heads {
  let { latest, nextFees, dev } = start;
  let agreed: Head = { height: 0, number: blockNumber(0) };
  let doubted = false;
  /** At heights that are not certified yet. */
  let reverts: readonly Head[] = start.reverts ?? [];
  const certified = (): Head => {
    const least = Math.min(agreed.number, ...reverts.map((x) => x.number));
    return { height: agreed.height, number: blockNumber(least) };
  };
  const finalized = () => ((alone && !doubted) || agreed.height > latest.height ? latest : certified());
  const listeners = new Set<(block: ExecutedBlock) => void>();
  return {
    tags: () => ({ latest, safe: doubted ? finalized() : latest, finalized: finalized() }),
    nextFees: () => nextFees,
    controls: () => dev,
    executed(block) {
      const { height, number } = block.result;
      latest = { height, number };
      nextFees = block.nextFees;
      dev = block.dev;
      if (block.reverted !== undefined) reverts = [...reverts, latest];
      for (const listener of listeners) {
        try {
          listener(block);
        } catch (error) {
          logger.log("error", "a head listener failed", { height, error: String(error) });
        }
      }
    },
    agreed({ height, number }) {
      if (height <= agreed.height) return;
      agreed = { height, number };
      reverts = reverts.filter((x) => x.height > height);
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
