/** What a height does to the state before it: its operations, then the transactions of its block, if it makes one. */
import type { BlockInput } from "../api.ts";
import type { StoredBody } from "../blocks/bodies.ts";
import type { BlockEnv, BlockOutcome } from "../engine/engine.ts";
import { createJournal, type Journal } from "../state/journal.ts";
import type { FlatState } from "../state/reader.ts";
import { applyInputs } from "../system/apply.ts";
import { running, type Writing } from "./context.ts";

/** `block` is absent where no EVM block was made. */
export type Ran = Pick<BlockOutcome, "diff" | "skipped"> & StoredBody & { block?: BlockOutcome };

/** `env` undefined: the height is bare. */
export async function runHeight(context: Writing, state: FlatState, env: BlockEnv | undefined, input: BlockInput): Promise<Ran> {
  let operations: StoredBody["operations"] = [];
  const begin = (journal: Journal) => {
    operations = applyInputs(journal, input.system);
  };
  if (env === undefined) {
    const journal = createJournal(state);
    begin(journal);
    return { executed: [], skipped: [], operations, diff: journal.diff() };
  }
  const block = await context.evm(() => running(context).engine.executeBlock(state, { ...env, begin }, input.txs));
  return { ...block, operations, block };
}
