/** Executes one final block: EVM, state root, header, and one atomic write, once the block is stored. A crash before the write leaves the parent. */

import { to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { BlockInput, ExecutedBlock } from "../api.ts";
import { bodyOps, readSummary, readTransactions, type StoredBody } from "../blocks/bodies.ts";
import { encodeHeader, type Header } from "../blocks/header.ts";
import { abandonOps } from "../blocks/numbers.ts";
import { quietOps, sealQuiet } from "../blocks/quiet.ts";
import { createReceiptEncoder } from "../blocks/receipt.ts";
import { headRecord } from "../blocks/records.ts";
import { skippedRoot } from "../blocks/skipped.ts";
import { heightOps, readHeight, type StoredBlock, type StoredHeight } from "../blocks/store.ts";
import type { BlockEnv, BlockOutcome, ExecutedTransaction } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { changedAccounts, commitDiff, pruneOps } from "../state/commit.ts";
import { createFlatState } from "../state/reader.ts";
import { systemRoot } from "../system/apply.ts";
import { readDevView } from "../system/dev-view.ts";
import { chainChanges } from "../system/kinds.ts";
import { orderedRoot } from "../trie/ordered.ts";
import { running, type Writing } from "./context.ts";
import { executedBlock } from "./executed-block.ts";
import { runHeight } from "./run.ts";
import { newestBlock, readNumbered, type View, withSnapshot } from "./view.ts";

/** Throws EXEC_OUT_OF_ORDER, DEV_FORBIDDEN, NEED_MODEL, EXEC_SENDER_WRONG, EXEC_ENGINE_FAILED; nothing is kept then. */
export function executeBlock(context: Writing, input: BlockInput, stored?: Promise<void>): Promise<ExecutedBlock> {
  return context.blocks(() =>
    withSnapshot(context, async (view) => {
      const { snapshot, head } = view;
      const newest = newestBlock(context, view);
      if (input.height === head && head > 0) {
        // Asked again: perhaps the write was made and its fsync failed, so nothing in memory may be older than the store.
        context.cache.clear();
        running(context).roots.settle(view.headRoot, false);
        const executed = readTransactions(snapshot, head).map(({ tx }) => tx);
        const stored = readHeight(snapshot, head, context.genesis.fork) as StoredHeight;
        const body = { ...readSummary(snapshot, head), executed };
        const state = createFlatState(snapshot, head, head);
        const touched = changedAccounts(snapshot, head).map((address) => ({ address, record: state.account(address) }));
        return executedBlock(context, stored, newest, body, {
          touched,
          dev: readDevView(state, context.genesis),
          ...onChain(view, newest, body),
        });
      }
      if (input.height !== head + 1)
        throw execError("EXEC_OUT_OF_ORDER", `block ${input.height} where ${head + 1} is next`, { height: input.height, head });
      return executeNext(context, view, newest, input, stored);
    }),
  );
}

async function executeNext(
  context: Writing,
  view: View,
  parent: StoredBlock,
  input: BlockInput,
  isStored?: Promise<void>,
): Promise<ExecutedBlock> {
  const { cache, genesis } = context;
  const { roots, section } = running(context);
  const { snapshot } = view;
  if (!genesis.dev && input.system.length > 0)
    throw execError("DEV_FORBIDDEN", `an operation at height ${input.height} of a chain whose genesis does not say dev`);
  const ran = await runHeight(context, view, parent, input);
  try {
    const { ops, stateRoot, accounts } = commitDiff(snapshot, roots, input.height, ran.diff);
    const block = ran.env && ran.block && sealBlock(ran.env, parent, input, ran.block, stateRoot, genesis.fork);
    const quiet = block && ran.blocks && (await sealQuiet(block, ran.blocks, genesis.fork));
    const newest =
      quiet?.last ?? block ?? (ran.backTo === undefined ? parent : (readNumbered(context, snapshot, ran.backTo) as StoredBlock));
    const stored: StoredHeight = {
      height: input.height,
      number: newest.header.number,
      newest: newest.height,
      stateRoot,
      skippedRoot: skippedRoot(ran.skipped),
      systemRoot: systemRoot(ran.operations),
      block,
      quiet: quiet?.run,
    };
    const wanted = section.history === 0 ? 0 : input.height - section.history;
    const pruned = pruneOps(snapshot, view.oldest, wanted);
    // Not spread into arguments: there can be as many operations as the block's gas buys, and a stack holds about 120,000.
    const hashes = ran.executed.map((tx) => tx.hash);
    const blocks = heightOps(stored, hashes, pruned.oldest);
    const bodies = bodyOps(input.height, block?.header.baseFeePerGas ?? 0n, ran);
    const quiets = block && quiet ? quietOps(block, quiet.hashes) : [];
    const abandoned = ran.backTo === undefined ? [] : abandonOps(snapshot, input.height, view.headNumber, ran.backTo);
    const told = executedBlock(context, stored, newest, ran, {
      touched: accounts,
      dev: ran.dev,
      ...onChain(view, newest, ran),
    });
    await isStored;
    await context.kv.write(ops.concat(blocks, quiets, abandoned, bodies, ran.staged, pruned.ops), true);
    roots.settle(stateRoot, true);
    cache.apply(accounts, ran.diff);
    for (const { hash, code } of ran.skipped)
      context.logger.log("debug", "transaction skipped", { height: input.height, hash: to0x(hash), code });
    return told;
  } catch (error) {
    roots.settle(view.headRoot, false);
    cache.clear();
    throw error;
  }
}

/** `newest`: after the height. */
function onChain({ snapshot }: View, newest: StoredBlock, { operations }: Pick<StoredBody, "operations">) {
  const { taken, backTo } = chainChanges(operations);
  const head = backTo && headRecord(newest, newest.index === 0 ? readSummary(snapshot, newest.height).listed : 0);
  return { ...(taken.length > 0 && { taken }), ...(head && { reverted: { to: backTo, head } }) };
}

function sealBlock(
  env: BlockEnv,
  parent: StoredBlock,
  input: BlockInput,
  outcome: BlockOutcome,
  stateRoot: Uint8Array,
  fork: string,
): StoredBlock {
  const { executed } = outcome;
  const encodeReceipt = createReceiptEncoder();
  const header: Header = {
    parentHash: parent.hash,
    coinbase: env.coinbase,
    stateRoot,
    transactionsRoot: orderedRoot(executed.length, (i) => (executed[i] as ExecutedTransaction).raw),
    receiptsRoot: orderedRoot(executed.length, (i) => encodeReceipt(executed[i] as ExecutedTransaction)),
    logsBloom: outcome.logsBloom,
    number: env.number,
    gasLimit: env.gasLimit,
    gasUsed: outcome.gasUsed,
    timestamp: env.timestamp,
    extraData: new Uint8Array(0),
    prevRandao: env.prevRandao,
    baseFeePerGas: env.baseFeePerGas ?? 0n,
    blobGasUsed: outcome.blobGasUsed,
    excessBlobGas: env.excessBlobGas ?? 0n,
    parentBeaconBlockRoot: input.parentConsensusHash,
  };
  const headerRlp = encodeHeader(header, fork);
  return { height: input.height, index: 0, header, headerRlp, hash: keccak256(headerRlp) };
}
