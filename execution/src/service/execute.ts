/** Executes one final block: EVM, state root, header, and one atomic write. A crash before the write leaves the parent. */

import { to0x, ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { BlockInput, ExecutedBlock } from "../api.ts";
import { bodyOps, placed, readSummary, readTransactions, type StoredBody, summaryOf } from "../blocks/bodies.ts";
import { encodeHeader, type Header } from "../blocks/header.ts";
import { encodeReceipt } from "../blocks/receipt.ts";
import { blockRecord, execResult, receiptRecord } from "../blocks/records.ts";
import { skippedRoot } from "../blocks/skipped.ts";
import { blockOps, readBlock, type StoredBlock } from "../blocks/store.ts";
import type { BlockEnv, BlockOutcome } from "../engine/engine.ts";
import { execError } from "../errors.ts";
import { commitDiff, pruneOps } from "../state/commit.ts";
import { createFlatState } from "../state/reader.ts";
import { orderedRoot } from "../trie/ordered.ts";
import { running, type Writing } from "./context.ts";
import { feesAfter, nextEnv } from "./next-env.ts";
import { type View, withSnapshot } from "./view.ts";

/** Throws EXEC_OUT_OF_ORDER, NEED_MODEL, EXEC_ENGINE_FAILED; nothing is kept then. */
export function executeBlock(context: Writing, input: BlockInput): Promise<ExecutedBlock> {
  return context.blocks(() =>
    withSnapshot(context, async (view) => {
      const { snapshot, head } = view;
      const parent = readBlock(snapshot, head, context.genesis.fork) as StoredBlock;
      if (input.height === head && head > 0) {
        // Asked again: perhaps the write was made and its fsync failed, so nothing in memory may be older than the store.
        context.cache.clear();
        running(context).roots.settle(view.headRoot, false);
        const { skipped } = readSummary(snapshot, head);
        const executed = readTransactions(snapshot, head).map(({ tx }) => tx);
        return executedBlock(context, parent, { executed, skipped });
      }
      if (input.height !== head + 1)
        throw execError("EXEC_OUT_OF_ORDER", `block ${input.height} where ${head + 1} is next`, { height: input.height, head });
      return executeNext(context, view, parent, input);
    }),
  );
}

async function executeNext(context: Writing, view: View, parent: StoredBlock, input: BlockInput): Promise<ExecutedBlock> {
  const { cache, genesis } = context;
  const { engine, roots, section } = running(context);
  const { snapshot, head } = view;
  const env = nextEnv(context, view, parent, input);
  const outcome = await context.evm(() => engine.executeBlock(cache.over(createFlatState(snapshot, head, head)), env, input.txs));
  try {
    const { ops, stateRoot, accounts } = commitDiff(snapshot, roots, input.height, outcome.diff);
    const block = sealBlock(env, parent, input, outcome, stateRoot, genesis.fork);
    const wanted = section.history === 0 ? 0 : input.height - section.history;
    const pruned = pruneOps(snapshot, view.oldest, wanted);
    // Not spread into arguments: there can be as many operations as the block's gas buys, and a stack holds about 120,000.
    const hashes = outcome.executed.map((tx) => tx.hash);
    const blocks = blockOps(block, hashes, genesis.fork, pruned.oldest);
    await context.kv.write(ops.concat(blocks, bodyOps(block.height, outcome), pruned.ops), true);
    roots.settle(stateRoot, true);
    cache.apply(accounts, outcome.diff);
    for (const { hash, code } of outcome.skipped)
      context.logger.log("debug", "transaction skipped", { height: input.height, hash: to0x(hash), code });
    return executedBlock(context, block, outcome);
  } catch (error) {
    roots.settle(parent.header.stateRoot, false);
    cache.clear();
    throw error;
  }
}

function sealBlock(
  env: BlockEnv,
  parent: StoredBlock,
  input: BlockInput,
  outcome: BlockOutcome,
  stateRoot: Uint8Array,
  fork: string,
): StoredBlock {
  const header: Header = {
    parentHash: parent.hash,
    coinbase: env.coinbase,
    stateRoot,
    transactionsRoot: orderedRoot(outcome.executed.map((tx) => tx.raw)),
    receiptsRoot: orderedRoot(outcome.executed.map(encodeReceipt)),
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
  return {
    height: input.height,
    header,
    headerRlp,
    hash: keccak256(headerRlp),
    skippedRoot: skippedRoot(outcome.skipped),
    systemRoot: ZERO_HASH,
  };
}

function executedBlock(context: Writing, block: StoredBlock, { executed, skipped }: StoredBody): ExecutedBlock {
  return {
    result: execResult(block),
    block: blockRecord(block, summaryOf(executed)),
    included: executed.map(({ hash, sender, nonce, gasUsed, ok, failure }) => ({ hash, sender, nonce, gasUsed, ok, failure })),
    skipped: skipped.map(({ hash, code, retry }) => ({ hash, code, retry })),
    receipts: placed(executed).map((stored) => receiptRecord(stored, block)),
    nextFees: feesAfter(context, block),
  };
}
