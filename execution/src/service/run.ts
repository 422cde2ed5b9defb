/** What a height does to the state before it: its operations, then the transactions of its block, if it makes one. */
import { equalBytes, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { KvOp } from "@noema/core/ports/kv-store";
import type { BlockInput } from "../api.ts";
import type { StoredBody } from "../blocks/bodies.ts";
import { SKIP } from "../blocks/skipped.ts";
import { readHeight, type StoredBlock, type StoredHeight } from "../blocks/store.ts";
import type { BlockEnv, BlockOutcome } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { applyDiff } from "../state/apply-diff.ts";
import { createJournal, type Journal } from "../state/journal.ts";
import { requireAddress, requireSlotKey } from "../state/preimages.ts";
import { accountsFrom, FIRST, slotsFrom } from "../state/ranges.ts";
import { createFlatState } from "../state/reader.ts";
import { restoreState } from "../state/restore.ts";
import { applyInputs } from "../system/apply.ts";
import { readKept, readNext, writeMinedMs, writeNext } from "../system/controls.ts";
import { type DevView, readDevView } from "../system/dev-view.ts";
import { makesBlock } from "../system/makes-block.ts";
import { afterBlock } from "../system/next-block.ts";
import type { Blocks, Effect, Past, Place } from "../system/place.ts";
import { openStaging } from "../system/staging.ts";
import { decodeCanonical } from "../transactions/decode.ts";
import { recoverSender } from "../transactions/recover-sender.ts";
import { type Reading, running, type Writing } from "./context.ts";
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
 * `block`, `env`: absent where no EVM block was made. `blocks`: what was asked for, `backTo`: a revert made this block the newest again. `dev`:
 * the controls after the height. `staged`: rows of what waits for later operations.
 */
export type Ran = Pick<BlockOutcome, "diff" | "skipped"> &
  StoredBody &
  Pick<Effect, "backTo" | "blocks"> & { block?: BlockOutcome; env?: BlockEnv; dev: DevView | undefined; staged: KvOp[] };

/** `parent`: the newest block. */
export async function runHeight(context: Writing, view: View, parent: StoredBlock, input: BlockInput): Promise<Ran> {
  const { genesis } = context;
  const state = context.cache.over(createFlatState(view.snapshot, view.head, view.head));
  const journal = createJournal(state);
  const place = placeOf(context, view, parent, input);
  const { operations, backTo, blocks, bare } = applyInputs(journal, input.system, place);
  const isWhole = backTo === undefined && !bare && makesBlock(readDevView(journal, genesis), blocks, input.txs);
  const env = isWhole ? nextEnv(context, view, parent, input, journal) : undefined;
  if (env !== undefined && genesis.dev) noteBlock(journal, input, env, blocks);
  const dev = readDevView(journal, genesis);
  const before = journal.diff();
  const ran = { operations, backTo, blocks, dev, staged: place.staging.ops() };
  if (env === undefined) return { ...ran, executed: [], skipped: input.txs.map(noBlock), diff: before };
  checkSender(input);
  const first = blocks?.txs ?? [];
  const begin = (own: Journal) => applyDiff(own, before);
  const sender = (index: number) => input.senders?.[index - first.length];
  const txs = first.length === 0 ? input.txs : first.concat(input.txs);
  const block = await context.evm(() => running(context).engine.executeBlock(state, { ...env, begin, sender }, txs));
  return { ...ran, ...block, env, block };
}

/** `view`, `parent`: as they are before the height. */
export function placeOf(
  context: Reading,
  view: View,
  parent: StoredBlock,
  { height, timestampMs }: Pick<BlockInput, "height" | "timestampMs">,
): Omit<Place, "isFirst" | "id"> {
  const staging = openStaging(view.snapshot, height);
  return { height, timestampMs, newest: parent.header, past: pastOf(context, view), staging };
}

/** What the controls say once the block is made. */
function noteBlock(journal: Journal, { timestampMs }: BlockInput, { timestamp }: BlockEnv, blocks: Blocks | undefined): void {
  const last = blocks && blocks.quiet > 0 ? timestamp + BigInt(blocks.quiet) * blocks.interval : undefined;
  writeNext(journal, afterBlock(readNext(journal), timestampMs, last));
  if ((readKept(journal).mining?.intervalMs ?? 0) > 0) writeMinedMs(journal, timestampMs);
}

function noBlock(raw: Bytes): BlockOutcome["skipped"][number] {
  return { hash: keccak256(raw), code: SKIP.noBlock.code, retry: SKIP.noBlock.retry, reason: SKIP.noBlock };
}

function pastOf(context: Reading, view: View): Past {
  const { snapshot, head, oldest } = view;
  const newest = { snapshot, height: head, head };
  return {
    oldest,
    *accounts() {
      for (const { hash } of accountsFrom(newest, FIRST)) yield requireAddress(snapshot, hash);
    },
    *slots(address) {
      for (const { hash, value } of slotsFrom(newest, address, FIRST)) yield { key: requireSlotKey(snapshot, hash), value: value.slice() };
    },
    numberAfter: (height) => (readHeight(snapshot, height, context.genesis.fork) as StoredHeight).number,
    heightOf: (number) => (number > view.headNumber ? undefined : heightOf(view, number)),
    restore: (journal, height, isKept) => restoreState(journal, { snapshot, height, head }, isKept),
  };
}
