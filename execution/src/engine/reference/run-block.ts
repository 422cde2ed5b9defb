/** Runs a block's transactions one by one with the library's runTx: its own block builder is quadratic. */
import type { Block } from "@ethereumjs/block";
import { EVMError } from "@ethereumjs/evm";
import { createTxFromRLP, type TypedTransaction } from "@ethereumjs/tx";
import { Address, EthereumJSError, generateAddress } from "@ethereumjs/util";
import { type RunTxResult, runTx } from "@ethereumjs/vm";
import { isNoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { Bytes } from "@noema/core/ports/bytes";
import type { TransactionFailure } from "../../api.ts";
import { BLOOM_BYTES, mergeBloom } from "../../blocks/bloom.ts";
import { SKIP, type SkipReason } from "../../blocks/skipped.ts";
import { execError } from "../../errors.ts";
import { rlpInt } from "../../rlp/encode.ts";
import { blobBaseFee, blobGasOf, effectiveGasPrice, maxBlobGas } from "../../rules/fees.ts";
import { writeSystemSlots } from "../../rules/system-contracts.ts";
import { type Candidate, type Room, readCandidate, skipReason } from "../../rules/validity.ts";
import { createJournal, type Journal } from "../../state/journal.ts";
import type { FlatState } from "../../state/reader.ts";
import type { BlockEnv, BlockOutcome, ExecutedTransaction } from "../engine.ts";
import type { Tracer } from "../trace.ts";
import { withAuthorizations } from "./authorizations.ts";
import { evmBlock } from "./evm-block.ts";
import { failureReason } from "./failure.ts";
import type { Machine } from "./machine.ts";
import { stateReader } from "./precompiles.ts";
import { withTracer } from "./tracing.ts";

/** Milliseconds of transactions between two turns of the event loop; has no effect on results. */
const TURN_MS = 20;
/** Kept of what a failed transaction reverted with: a reason for people. */
const FAILURE_BYTES = 1024;

type Running = { machine: Machine; journal: Journal; block: Block; room: Room; outcome: Omit<BlockOutcome, "diff">; trace?: Tracer };

export async function runBlock(
  machine: Machine,
  parent: FlatState,
  env: BlockEnv,
  txs: Iterable<Bytes>,
  trace?: Tracer,
): Promise<BlockOutcome> {
  const { fork, vm, state, precompiles } = machine;
  const journal = createJournal(parent);
  precompiles.beginBlock({ height: env.height, state: stateReader(journal) });
  state.use(journal);
  machine.blockHash = env.blockHash;
  vm.evm.journal.cleanJournal();
  const block = evmBlock(env, machine);
  const room: Room = {
    gas: env.gasLimit,
    blobGas: maxBlobGas(fork),
    baseFee: env.baseFeePerGas ?? 0n,
    blobBaseFee: blobBaseFee(fork, env.excessBlobGas ?? 0n),
  };
  const outcome = { executed: [], skipped: [], gasUsed: 0n, blobGasUsed: 0n, logsBloom: new Uint8Array(BLOOM_BYTES) };
  env.begin?.(journal);
  writeSystemSlots(fork, journal, env);
  const running: Running = { machine, journal, block, room, outcome, trace };
  let turn = performance.now();
  let index = 0;
  for (const raw of txs) {
    await runOne(running, raw, env.sender?.(index++));
    // The EVM's promises never leave the microtask queue: without this, reads of the service would wait for the whole block.
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }
  return { ...outcome, diff: journal.diff() };
}

async function runOne(running: Running, raw: Bytes, sender: Bytes | undefined): Promise<void> {
  const { machine, journal, block, outcome, room, trace } = running;
  const skip = (reason: SkipReason) => void outcome.skipped.push({ hash: keccak256(raw), code: reason.code, retry: reason.retry, reason });
  const candidate = readCandidate(raw, machine.chainId, machine.fork, sender);
  const tx = candidate && libraryTransaction(candidate, machine);
  if (candidate === undefined || tx === undefined) return skip(SKIP.malformed);
  const reason = skipReason(candidate, journal, room);
  if (reason !== undefined) return skip(reason);
  machine.counters = machine.precompiles.beginTx();
  let result: RunTxResult;
  try {
    const rules = { skipBlockGasLimitValidation: true, skipHardForkValidation: true };
    const run = () => runTx(machine.vm, { tx, block, blockGasUsed: outcome.gasUsed, ...rules });
    result = await withTracer(machine.vm, trace, () => withAuthorizations(machine, journal, candidate.tx.authorizationList ?? [], tx, run));
  } catch (error) {
    if (refusedByRules(error)) return skip(SKIP.refused);
    throw isNoemaError(error) ? error : execError("EXEC_ENGINE_FAILED", `the EVM failed: ${error}`, { hash: candidate.tx.hash }, error);
  }
  include(running, executedTransaction(running, candidate, result));
}

function include({ outcome, room }: Running, executed: ExecutedTransaction): void {
  outcome.executed.push(executed);
  outcome.gasUsed += executed.gasUsed;
  outcome.blobGasUsed += executed.blobGasUsed ?? 0n;
  mergeBloom(outcome.logsBloom, executed.logsBloom);
  room.gas -= executed.gasUsed;
  room.blobGas -= executed.blobGasUsed ?? 0n;
}

/**
 * Built once, and not frozen: what the rules say of its sender and gas (the library takes a bigint for each byte of data, three times)
 * is its answer from then on. undefined: the library has a rule of its own against it.
 */
function libraryTransaction({ tx: { raw }, sender, intrinsic }: Candidate, { vm: { common } }: Machine): TypedTransaction | undefined {
  try {
    const tx = createTxFromRLP(raw, { common, freeze: false });
    const address = new Address(sender);
    tx.getSenderAddress = () => address;
    tx.getIntrinsicGas = () => intrinsic;
    return tx;
  } catch {
    return undefined;
  }
}

/** The library throws errors of its own for rules of Ethereum; anything else is a failure of this machine. */
function refusedByRules(error: unknown): boolean {
  return error instanceof EthereumJSError || error instanceof EVMError;
}

function executedTransaction({ outcome, room }: Running, { tx, sender }: Candidate, result: RunTxResult): ExecutedTransaction {
  const { hash, raw, type, nonce, to } = tx;
  const gasUsed = result.totalGasSpent;
  return {
    hash,
    raw,
    type,
    sender,
    nonce,
    to: to?.slice(), // a view of all that came with it would travel whole
    contractAddress: to === undefined ? generateAddress(sender, rlpInt(nonce)) : undefined,
    ok: result.execResult.exceptionError === undefined,
    gasUsed,
    cumulativeGasUsed: outcome.gasUsed + gasUsed,
    effectiveGasPrice: effectiveGasPrice(tx, room.baseFee),
    ...(type === 3 ? { blobGasUsed: blobGasOf(tx), blobGasPrice: room.blobBaseFee } : {}),
    logs: (result.execResult.logs ?? []).map(([address, topics, data]) => ({ address, topics, data })),
    logsBloom: result.bloom.bitvector,
    failure: failureOf(result),
  };
}

function failureOf({ execResult }: RunTxResult): TransactionFailure | undefined {
  const error = failureReason(execResult);
  return error === undefined ? undefined : { error, output: execResult.returnValue.slice(0, FAILURE_BYTES) };
}
