/** What a height does to the state before it: its operations, then the transactions of its block, if it makes one. */
import { equalBytes, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { BlockNumber, Bytes } from "@noema/core/ports/bytes";
import type { BlockInput } from "../api.ts";
import type { StoredBody } from "../blocks/bodies.ts";
import { SKIP } from "../blocks/skipped.ts";
import { readHeight, type StoredBlock, type StoredHeight } from "../blocks/store.ts";
import type { BlockEnv, BlockOutcome } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { applyDiff } from "../state/apply-diff.ts";
import { createJournal, type Journal } from "../state/journal.ts";
import { createFlatState } from "../state/reader.ts";
import { restoreState } from "../state/restore.ts";
import { applyInputs } from "../system/apply.ts";
import { isBare } from "../system/bare.ts";
import { readNext, writeNext } from "../system/controls.ts";
import { type DevView, readDevView } from "../system/dev-view.ts";
import { afterBlock } from "../system/next-block.ts";
import type { Past } from "../system/place.ts";
import { decodeCanonical } from "../transactions/decode.ts";
import { recoverSender } from "../transactions/recover-sender.ts";
import { running, type Writing } from "./context.ts";
import { nextEnv } from "./next-env.ts";
import { heightOf, type View } from "./view.ts";

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

/**
 * `block`, `env`: absent where no EVM block was made. `backTo`: a revert made this block the newest again. `dev`: the controls after the
 * height.
 */
export type Ran = Pick<BlockOutcome, "diff" | "skipped"> &
  StoredBody & { block?: BlockOutcome; env?: BlockEnv; backTo?: BlockNumber; dev: DevView | undefined };

/** `parent`: the newest block. */
export async function runHeight(context: Writing, view: View, parent: StoredBlock, input: BlockInput): Promise<Ran> {
  const { genesis } = context;
  const state = context.cache.over(createFlatState(view.snapshot, view.head, view.head));
  const journal = createJournal(state);
  const { operations, backTo } = applyInputs(journal, input.system, { ...input, newest: parent.header, past: pastOf(context, view) });
  const env = backTo !== undefined || isBare(genesis, input) ? undefined : nextEnv(context, view, parent, input, journal);
  if (env !== undefined && genesis.dev) writeNext(journal, afterBlock(readNext(journal), input.timestampMs));
  const dev = readDevView(journal, genesis);
  const before = journal.diff();
  if (env === undefined) return { executed: [], skipped: input.txs.map(noBlock), operations, backTo, diff: before, dev };
  checkSender(input);
  const begin = (own: Journal) => applyDiff(own, before);
  const sender = (index: number) => input.senders?.[index];
  const block = await context.evm(() => running(context).engine.executeBlock(state, { ...env, begin, sender }, input.txs));
  return { ...block, operations, env, block, dev };
}

function noBlock(raw: Bytes): BlockOutcome["skipped"][number] {
  return { hash: keccak256(raw), code: SKIP.noBlock.code, retry: SKIP.noBlock.retry, reason: SKIP.noBlock };
}

function pastOf(context: Writing, view: View): Past {
  const { snapshot, head, oldest } = view;
  return {
    oldest,
    numberAfter: (height) => (readHeight(snapshot, height, context.genesis.fork) as StoredHeight).number,
    heightOf: (number) => (number > view.headNumber ? undefined : heightOf(view, number)),
    restore: (journal, height, isKept) => restoreState(journal, { snapshot, height, head }, isKept),
  };
}
