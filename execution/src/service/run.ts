/** What a height does to the state before it: its operations, then the transactions of its block, if it makes one. */
import { equalBytes, to0x } from "@noema/core/bytes";
import type { BlockInput } from "../api.ts";
import type { StoredBody } from "../blocks/bodies.ts";
import type { BlockEnv, BlockOutcome } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { createJournal, type Journal } from "../state/journal.ts";
import type { FlatState } from "../state/reader.ts";
import { applyInputs } from "../system/apply.ts";
import { type DevView, readDevView } from "../system/dev-view.ts";
import { decodeCanonical } from "../transactions/decode.ts";
import { recoverSender } from "../transactions/recover-sender.ts";
import { running, type Writing } from "./context.ts";

/** One of those that came with the block, another at each height: senders that have come apart from their transactions are found at once. */
function checkSender({ height, txs, senders = [] }: BlockInput): void {
  const at = height % txs.length;
  const [raw, sender] = [txs[at], senders[at]];
  if (raw === undefined || sender === undefined) return;
  const tx = decodeCanonical(raw);
  const recovered = recoverSender(tx);
  if (!equalBytes(recovered, sender))
    throw execError("EXEC_SENDER_WRONG", `${to0x(sender)} where ${to0x(recovered)} signed ${to0x(tx.hash)}`, { height, sender, recovered });
}

/** `block` is absent where no EVM block was made. `dev`: the controls after the height. */
export type Ran = Pick<BlockOutcome, "diff" | "skipped"> & StoredBody & { block?: BlockOutcome; dev: DevView | undefined };

/** `env` undefined: the height is bare. */
export async function runHeight(context: Writing, state: FlatState, env: BlockEnv | undefined, input: BlockInput): Promise<Ran> {
  let operations: StoredBody["operations"] = [];
  let dev: DevView | undefined;
  const begin = (journal: Journal) => {
    operations = applyInputs(journal, input.system);
    dev = readDevView(journal, context.genesis);
  };
  if (env === undefined) {
    const journal = createJournal(state);
    begin(journal);
    return { executed: [], skipped: [], operations, diff: journal.diff(), dev };
  }
  checkSender(input);
  const sender = (index: number) => input.senders?.[index];
  const block = await context.evm(() => running(context).engine.executeBlock(state, { ...env, begin, sender }, input.txs));
  return { ...block, operations, block, dev };
}
