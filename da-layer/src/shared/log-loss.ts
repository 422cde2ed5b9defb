/**
 * A lane that lost records of its log does not know any more what it signed, and a second header for one (publisher, epoch, seq)
 * contradicts the first. So it signs no header of an epoch in which it may have signed before: headers of at most the next epoch
 * are signed (shared/epochs.ts), so all from the epoch after next on are free. What it still knows it may sign again, since that is the
 * same signature. Own numbers go on above all that can have been used, since a lone validator signs on: without it no epoch passes.
 */
import type { AppendLog } from "@noema/core/ports/append-log";
import type { Height } from "@noema/core/ports/bytes";
import type { Logger } from "@noema/core/ports/logger";
import type { Chain } from "./epochs.ts";
import type { SignedIndex } from "./signed-index.ts";

/** A block has at most 64 certificates and a lane so many pending batches: far more numbers than are used at one height. */
const NUMBERS_A_HEIGHT = 2 ** 20;

/** The lowest own number that no life which ended at or below this height can have used. */
export function numbersAbove(height: Height): number {
  return (height + 1) * NUMBERS_A_HEIGHT;
}

export type LossGuardParts = {
  log: AppendLog;
  signed: SignedIndex;
  /** Makes the bar durable. */
  record: (epoch: number) => Promise<void>;
  chain: Chain;
  logger: Logger;
};

export type LossGuard = {
  /** Bars what may have been signed, as soon as it is known which epochs that are; call it at the start and at each final block. */
  face(): void;
};

export function createLossGuard({ log, signed, record, chain, logger }: LossGuardParts): LossGuard {
  let facing = false;
  if (log.loss !== undefined) signed.bar(Number.POSITIVE_INFINITY);
  return {
    face() {
      if (log.loss === undefined || facing) return;
      const epoch = chain.untouchedEpoch === undefined ? chain.validatorSet().epoch + 2 : chain.untouchedEpoch();
      if (epoch === undefined) return;
      facing = true;
      signed.bar(epoch);
      logger.log("warn", "a data lane lost records of its log: it signs no header of an earlier epoch", { epoch, loss: log.loss });
      record(epoch)
        .then(() => log.settle())
        .catch((error) => logger.log("error", "a lost log was not settled: the next start does it", { error: String(error) }));
    },
  };
}
