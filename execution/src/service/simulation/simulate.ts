/** eth_simulateV1: blocks on an executed one, of messages that nobody signed. Nothing of them is kept. */
import { ZERO_HASH } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import type { BlockNumber, Bytes, Hash } from "@noema/core/ports/bytes";
import type { ChainReads, SimulatedBlock, SimulatedCall, Simulation } from "../../api.ts";
import { mergeBloom } from "../../blocks/bloom.ts";
import { encodeReceipts } from "../../blocks/consensus-form.ts";
import { encodeHeader, type Header } from "../../blocks/header.ts";
import { headRecord } from "../../blocks/records.ts";
import { listedBytes } from "../../blocks/size.ts";
import type { StoredBlock } from "../../blocks/store.ts";
import type { BlockEnv, ExecutedTransaction, Log } from "../../engine/engine.ts";
import { applyOverrides } from "../../engine/overrides.ts";
import { execError } from "../../errors.ts";
import { baseFeeAfter, blobBaseFee, excessBlobGasAfter, maxBlobGas } from "../../rules/fees.ts";
import { type Fork, forkOf } from "../../rules/forks.ts";
import { writeSystemSlots } from "../../rules/system-contracts.ts";
import { EMPTY_ACCOUNT } from "../../state/account.ts";
import { createJournal, type Journal } from "../../state/journal.ts";
import type { Transaction } from "../../transactions/transaction.ts";
import { EMPTY_ROOT } from "../../trie/node.ts";
import { orderedRoot } from "../../trie/ordered.ts";
import { type Reading, running } from "../context.ts";
import { quietBefore } from "../next-env.ts";
import { heightOf, readNumbered, stateAt, type View, withSnapshot } from "../view.ts";
import { readMessage, type SimulatedRequest } from "./message.ts";
import { type Planned, planBlocks } from "./plan.ts";
import { createTransferLogs } from "./transfer-logs.ts";

/** One simulation: the state as it goes on, the blocks so far, and the gas that is left of the node's cap. */
type Run = {
  context: Reading;
  fork: Fork;
  asked: Simulation;
  journal: Journal;
  blocks: StoredBlock[];
  budget: bigint;
  hashOf(n: BlockNumber): Hash | undefined;
  /** Before the base (Parents.quiet). */
  quietBase: Hash[];
};
/** A block while it is made. */
type Making = { env: BlockEnv; header: Header; gasUsed: bigint; blobGasUsed: bigint; executed: ExecutedTransaction[]; logs: number };

export function createSimulate(context: Reading): ChainReads["simulate"] {
  return (asked, on) => context.calls(() => withSnapshot(context, (view) => simulate(context, view, asked, on)));
}

async function simulate(context: Reading, view: View, asked: Simulation, on: BlockNumber): Promise<SimulatedBlock[]> {
  const { state } = stateAt(view, heightOf(view, on));
  const base = readNumbered(context, view.snapshot, on) as StoredBlock;
  const blocks = [base];
  const earlier = (number: BlockNumber) => (number > on ? blocks[number - on] : readNumbered(context, view.snapshot, number));
  const run: Run = {
    context,
    fork: forkOf(context.genesis.fork),
    asked,
    journal: createJournal(state),
    blocks,
    budget: context.options.callGasCap,
    hashOf: (number) => earlier(number)?.hash,
    quietBase: quietBefore(context, view.snapshot, base),
  };
  const made: SimulatedBlock[] = [];
  for (const planned of planBlocks(base.header, asked.blocks)) made.push(await makeBlock(run, planned));
  return made;
}

async function makeBlock(run: Run, planned: Planned): Promise<SimulatedBlock> {
  const { fork, journal, blocks } = run;
  const header = startHeader(run, planned);
  const height = (blocks.at(-1) as StoredBlock).height + 1;
  const { parentHash, parentBeaconBlockRoot } = header;
  const system = { parentHash, parentBeaconBlockRoot, quiet: blocks.length === 1 ? run.quietBase : [] };
  const env: BlockEnv = { ...header, height, blobBaseFee: planned.block.blobBaseFee, system, blockHash: run.hashOf };
  await running(run.context).engine.checkOverrides(planned.state);
  applyOverrides(journal, planned.state);
  writeSystemSlots(fork, journal, env);
  const making: Making = { env, header, gasUsed: 0n, blobGasUsed: 0n, executed: [], logs: 0 };
  const transactions: SimulatedBlock["transactions"] = [];
  const calls: SimulatedCall[] = [];
  for (const request of planned.calls) {
    const { call, tx, sender } = await runMessage(run, planned, making, request);
    transactions.push({ tx, sender });
    calls.push(call);
  }
  const block = sealed(
    run,
    making,
    transactions.map((x) => x.tx.raw),
    height,
  );
  blocks.push(block);
  for (const { logs } of calls) for (const log of logs) log.blockHash = block.hash;
  const txHashes = transactions.map((x) => x.tx.hash);
  return { block: { ...headRecord(block, listedBytes(transactions.map((x) => x.tx.raw))), txHashes }, transactions, calls };
}

/** What is known before it runs; without validation a base fee that nobody set is 0, so that who names no price pays none. */
function startHeader({ fork, asked, blocks }: Run, { block, number, timestamp }: Planned): Header {
  const parent = blocks.at(-1) as StoredBlock;
  return {
    parentHash: parent.hash,
    coinbase: block.coinbase ?? parent.header.coinbase,
    stateRoot: ZERO_HASH,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: new Uint8Array(256),
    number,
    gasLimit: block.gasLimit ?? parent.header.gasLimit,
    gasUsed: 0n,
    timestamp,
    extraData: new Uint8Array(0),
    prevRandao: block.prevRandao ?? ZERO_HASH,
    baseFeePerGas: block.baseFeePerGas ?? (asked.validation ? baseFeeAfter(fork, parent.header) : 0n),
    blobGasUsed: 0n,
    excessBlobGas: excessBlobGasAfter(fork, parent.header),
    parentBeaconBlockRoot: block.parentBeaconBlockRoot ?? ZERO_HASH,
  };
}

async function runMessage(
  run: Run,
  planned: Planned,
  making: Making,
  request: SimulatedRequest,
): Promise<{ call: SimulatedCall; tx: Transaction; sender: Bytes }> {
  const { context, fork, journal, asked } = run;
  context.goOn();
  const { env } = making;
  const left = {
    gas: env.gasLimit - making.gasUsed,
    blobGas: maxBlobGas(fork) - making.blobGasUsed,
    baseFee: env.baseFeePerGas ?? 0n,
    blobBaseFee: env.blobBaseFee ?? blobBaseFee(fork, env.excessBlobGas ?? 0n),
  };
  const turn = { fork, chainId: BigInt(context.genesis.chainId), journal, room: left, budget: run.budget, validation: asked.validation };
  const { candidate, room } = readMessage(request, turn);
  const { tx, sender } = candidate;
  if (journal.account(sender) === undefined) journal.setAccount(sender, EMPTY_ACCOUNT);
  const watched = asked.transfers ? createTransferLogs() : undefined;
  let end = { output: new Uint8Array(0) as Bytes, gasBeforeRefund: 0n };
  const told = (heard: typeof end) => {
    end = heard;
  };
  const place = { journal, gasBefore: making.gasUsed, room, told };
  const ran = await context.evm(() => running(context).engine.run(candidate, place, env, planned.state, watched?.tracer));
  if ("code" in ran) throw execError("CALL_FAILED", `the EVM refused a simulated transaction: ${ran.code}`, { error: ran.code });
  run.budget -= ran.gasUsed;
  making.gasUsed += ran.gasUsed;
  making.blobGasUsed += ran.blobGasUsed ?? 0n;
  mergeBloom(making.header.logsBloom, ran.logsBloom);
  const logs = recordsOf(watched?.logs() ?? ran.logs, making, tx);
  making.executed.push(ran);
  const gasBeforeRefund = end.gasBeforeRefund === 0n ? ran.gasUsed : end.gasBeforeRefund;
  const error = ran.failure?.error;
  const call = { ok: ran.ok, output: end.output, gasUsed: ran.gasUsed, gasBeforeRefund, logs, ...(error === undefined ? {} : { error }) };
  return { call, tx, sender };
}

/** The block's hash follows once it has one. */
function recordsOf(logs: readonly Log[], making: Making, { hash }: Transaction): SimulatedCall["logs"] {
  const { number, timestamp } = making.env;
  const place = { number, blockHash: ZERO_HASH, blockTimestamp: timestamp, txHash: hash, txIndex: making.executed.length };
  return logs.map((log) => ({ ...log, ...place, logIndex: making.logs++ }));
}

function sealed({ fork }: Run, { header, gasUsed, blobGasUsed, executed }: Making, raws: readonly Bytes[], height: number): StoredBlock {
  const receipts = encodeReceipts(executed);
  const full: Header = {
    ...header,
    gasUsed,
    blobGasUsed,
    transactionsRoot: orderedRoot(raws.length, (i) => raws[i] as Bytes),
    receiptsRoot: orderedRoot(receipts.length, (i) => receipts[i] as Bytes),
  };
  const headerRlp = encodeHeader(full, fork.name);
  return { height, index: 0, header: full, headerRlp, hash: keccak256(headerRlp) };
}
