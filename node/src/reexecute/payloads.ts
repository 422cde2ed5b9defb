/**
 * The transactions of old blocks, from this node's disk: batches of the payload journal, checked against the ids that a quorum
 * signed; older ones are dropped there (da-layer: `retention`), and then what the old state says that the block held. That is checked
 * by the result: the block's hash commits to its transactions. What was skipped changes no state, so it may be missing, and
 * its root is taken as the old state has it.
 */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { FinalBlock } from "@noema/core/ports/application";
import type { Hash, Height } from "@noema/core/ports/bytes";
import type { AvailabilityCert, PayloadItems } from "@noema/core/ports/data";
import { batchId } from "@noema/da-layer/payload/batch";
import type { PayloadJournal } from "@noema/da-layer/payload/journal";
import { type BlockPayload, blockPayload, isPayload } from "../chain/block-input.ts";
import { reexecuteError } from "./errors.ts";

export type Payloads = {
  /** `skippedRoot`: where the skipped transactions themselves are gone. Throws REEXECUTE_PAYLOAD_MISSING. */
  of(block: FinalBlock): BlockPayload & { skippedRoot?: Hash };
};

/** What the old state holds of a block: undefined where it has not got so far, or is unreadable. */
export type EarlierBlock = (height: Height) => (BlockPayload & { skippedRoot: Hash }) | undefined;

export function createPayloads(journal: Pick<PayloadJournal, "batch">, earlier: EarlierBlock): Payloads {
  /** Without senders: all are recovered again. */
  function held({ header }: AvailabilityCert): PayloadItems | undefined {
    const txs = journal.batch(header.id)?.txs;
    return txs !== undefined && equalBytes(batchId(txs), header.id) ? { txs } : undefined;
  }
  return {
    of({ height, certs }) {
      const batches = certs.filter(isPayload);
      const found = batches.map(held);
      const missing = found.indexOf(undefined);
      if (missing < 0) return blockPayload(batches, found as PayloadItems[]);
      const block = earlier(height);
      if (block !== undefined) return block;
      const id = to0x((batches[missing] as AvailabilityCert).header.id);
      throw reexecuteError(
        "REEXECUTE_PAYLOAD_MISSING",
        `block ${height}: batch ${id} is neither in the payload journal nor in the old state`,
        {
          height,
          id,
        },
      );
    },
  };
}
