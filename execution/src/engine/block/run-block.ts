/** A block's transactions one by one: plain transfers here, those that run code by whichever engine there is. */
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import { BLOOM_BYTES, mergeBloom } from "../../blocks/bloom.ts";
import { SKIP, type SkipReason } from "../../blocks/skipped.ts";
import { blobBaseFee, maxBlobGas } from "../../rules/fees.ts";
import type { Fork } from "../../rules/forks.ts";
import { writeSystemSlots } from "../../rules/system-contracts.ts";
import { type Candidate, type Room, readCandidate, skipReason } from "../../rules/validity.ts";
import { createJournal, type Journal } from "../../state/journal.ts";
import type { FlatState } from "../../state/reader.ts";
import type { BlockEnv, BlockOutcome, ExecutedTransaction } from "../engine.ts";
import type { Watch } from "../trace.ts";
import type { CodeRunner } from "./code-runner.ts";
import type { Place } from "./place.ts";
import { traceStart } from "./trace-start.ts";

/** Milliseconds of transactions between two turns of the event loop; has no effect on results. */
const TURN_MS = 20;

export type BlockPlan = {
  fork: Fork;
  chainId: bigint;
  /** Of a chain for development, which takes what nobody signed. */
  dev: boolean;
  env: BlockEnv;
  /** Absent: transfers are run as all else. */
  transfer?: (candidate: Candidate, place: Place) => ExecutedTransaction | undefined;
  watch?: Watch;
  /** Begins the block on its journal. */
  runner(journal: Journal): CodeRunner;
};

type Running = BlockPlan & { journal: Journal; code: CodeRunner; room: Room; outcome: Omit<BlockOutcome, "diff"> };

export async function runBlock(plan: BlockPlan, parent: FlatState, txs: Iterable<Bytes>): Promise<BlockOutcome> {
  const { fork, env } = plan;
  const journal = createJournal(parent);
  const code = plan.runner(journal);
  const room: Room = {
    gas: env.gasLimit,
    blobGas: maxBlobGas(fork),
    baseFee: env.baseFeePerGas ?? 0n,
    blobBaseFee: blobBaseFee(fork, env.excessBlobGas ?? 0n),
  };
  const outcome = { executed: [], skipped: [], gasUsed: 0n, blobGasUsed: 0n, logsBloom: new Uint8Array(BLOOM_BYTES) };
  env.begin?.(journal);
  writeSystemSlots(fork, journal, env);
  const running: Running = { ...plan, journal, code, room, outcome };
  let turn = performance.now();
  let index = 0;
  for (const raw of txs) {
    const pending = runOne(running, raw, env.sender?.(index++));
    if (pending !== undefined) await pending;
    // The EVM's promises never leave the microtask queue: without this, reads of the service would wait for the whole block.
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }
  return { ...outcome, diff: journal.diff() };
}

/** At once, unless code runs. */
function runOne(running: Running, raw: Bytes, sender: Bytes | undefined): void | Promise<void> {
  const { fork, chainId, dev, env, transfer, watch, journal, code, room, outcome } = running;
  const candidate = readCandidate(raw, chainId, fork, sender, dev);
  if (candidate === undefined) return skip(outcome, raw, SKIP.malformed);
  const reason = skipReason(candidate, journal, room);
  if (reason !== undefined) return skip(outcome, raw, reason);
  const place = { journal, gasBefore: outcome.gasUsed, room };
  const tracer = watch?.(traceStart(candidate, outcome.executed, env, journal));
  // A tracer is told of frames, which only the EVM has.
  const transferred = tracer === undefined ? transfer?.(candidate, place) : undefined;
  if (transferred !== undefined) return include(running, transferred);
  return code.run(candidate, place, tracer).then((ran) => {
    if ("code" in ran) return skip(outcome, raw, ran);
    include(running, ran);
    tracer?.end?.(ran.gasUsed);
  });
}

function skip(outcome: Running["outcome"], raw: Bytes, reason: SkipReason): void {
  outcome.skipped.push({ hash: keccak256(raw), code: reason.code, retry: reason.retry, reason });
}

function include({ outcome, room }: Running, executed: ExecutedTransaction): void {
  outcome.executed.push(executed);
  outcome.gasUsed += executed.gasUsed;
  outcome.blobGasUsed += executed.blobGasUsed ?? 0n;
  if (executed.logs.length > 0) mergeBloom(outcome.logsBloom, executed.logsBloom);
  room.gas -= executed.gasUsed;
  room.blobGas -= executed.blobGasUsed ?? 0n;
}
