/** Runs a block's transactions one by one with the library's runTx: its own block builder is quadratic. */
import type { Block } from "@ethereumjs/block";
import { EVMError } from "@ethereumjs/evm";
import { createTxFromRLP, isBlob4844Tx, type TypedTransaction } from "@ethereumjs/tx";
import { type Address, EthereumJSError, generateAddress } from "@ethereumjs/util";
import { type RunTxResult, runTx, type VM } from "@ethereumjs/vm";
import { isNoemaError } from "@noema/core/errors";
import { keccak256 } from "@noema/core/hash";
import type { Bytes, Hash } from "@noema/core/ports/bytes";
import type { TransactionFailure } from "../api.ts";
import { BLOOM_BYTES, mergeBloom } from "../blocks/bloom.ts";
import { SKIP, type SkipReason } from "../blocks/skipped.ts";
import { execError } from "../errors.ts";
import { rlpInt } from "../rlp.ts";
import { createJournal, type Journal } from "../state/journal.ts";
import type { FlatState } from "../state/reader.ts";
import { withAuthorizations } from "./authorizations.ts";
import type { BlockEnv, BlockOutcome, ExecutedTransaction } from "./engine.ts";
import { evmBlock } from "./evm-block.ts";
import { failureReason } from "./failure.ts";
import type { Machine } from "./machine.ts";
import { stateReader } from "./precompiles.ts";
import { systemCalls } from "./system-calls.ts";
import { type Room, skipReason } from "./validity.ts";

/** Milliseconds of transactions between two turns of the event loop; has no effect on results. */
const TURN_MS = 20;
/** Kept of what a failed transaction reverted with: a reason for people. */
const FAILURE_BYTES = 1024;

type Running = { machine: Machine; journal: Journal; block: Block; room: Room; outcome: Omit<BlockOutcome, "diff"> };

export async function runBlock(machine: Machine, parent: FlatState, env: BlockEnv, txs: Iterable<Bytes>): Promise<BlockOutcome> {
  const { vm, state, precompiles } = machine;
  const journal = createJournal(parent);
  precompiles.beginBlock({ height: env.height, state: stateReader(journal) });
  state.use(journal);
  machine.blockHash = env.blockHash;
  vm.evm.journal.cleanJournal();
  const block = evmBlock(env, vm.common);
  const cancun = vm.common.isActivatedEIP(4844);
  const room: Room = {
    gas: env.gasLimit,
    blobGas: cancun ? vm.common.getBlobGasSchedule().maxBlobGasPerBlock : 0n,
    baseFee: env.baseFeePerGas ?? 0n,
    blobBaseFee: cancun ? block.header.getBlobGasPrice() : 0n,
  };
  const outcome = { executed: [], skipped: [], gasUsed: 0n, blobGasUsed: 0n, logsBloom: new Uint8Array(BLOOM_BYTES) };
  systemCalls(vm.common, journal, env);
  const running: Running = { machine, journal, block, room, outcome };
  let turn = performance.now();
  for (const raw of txs) {
    await runOne(running, raw);
    // The EVM's promises never leave the microtask queue: without this, reads of the service would wait for the whole block.
    if (performance.now() - turn > TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }
  return { ...outcome, diff: journal.diff() };
}

async function runOne(running: Running, raw: Bytes): Promise<void> {
  const hash = keccak256(raw);
  const skip = (reason: SkipReason) => void running.outcome.skipped.push({ hash, code: reason.code, retry: reason.retry, reason });
  const decoded = decode(raw, running.machine.vm);
  if (decoded === undefined) return skip(SKIP.malformed);
  const reason = skipReason(decoded.tx, decoded.sender, running.journal, running.room);
  if (reason !== undefined) return skip(reason);
  running.machine.counters = running.machine.precompiles.beginTx();
  let result: RunTxResult;
  try {
    const { machine, journal, block, outcome } = running;
    const rules = { skipBlockGasLimitValidation: true, skipHardForkValidation: true };
    result = await withAuthorizations(machine.vm, journal, decoded.tx, () =>
      runTx(machine.vm, { tx: decoded.tx, block, blockGasUsed: outcome.gasUsed, ...rules }),
    );
  } catch (error) {
    if (refusedByRules(error)) return skip(SKIP.refused);
    throw isNoemaError(error) ? error : execError("EXEC_ENGINE_FAILED", `the EVM failed: ${error}`, { hash }, error);
  }
  include(running, executedTransaction(running, decoded.tx, decoded.sender, hash, raw, result));
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
 * Built once, and not frozen: the sender that was recovered, and the gas of its data (a bigint for each byte, asked for three times), are its
 * answers from then on. undefined: not a transaction of this fork.
 */
function decode(raw: Bytes, vm: VM): { tx: TypedTransaction; sender: Address } | undefined {
  try {
    const tx = createTxFromRLP(raw, { common: vm.common, freeze: false });
    // EIP-4844. The library reads the byte as decimal digits as far as they go, 0x1a to 0x1f as 1.
    if (isBlob4844Tx(tx) && tx.blobVersionedHashes.some((blob) => !blob.startsWith("0x01"))) return undefined;
    const sender = tx.getSenderAddress();
    tx.getSenderAddress = () => sender;
    const dataGas = tx.getDataGas();
    tx.getDataGas = () => dataGas;
    return { tx, sender };
  } catch {
    return undefined;
  }
}

/** The library throws errors of its own for rules of Ethereum; anything else is a failure of this machine. */
function refusedByRules(error: unknown): boolean {
  return error instanceof EthereumJSError || error instanceof EVMError;
}

function executedTransaction(
  { outcome, room }: Running,
  tx: TypedTransaction,
  sender: Address,
  hash: Hash,
  raw: Bytes,
  result: RunTxResult,
): ExecutedTransaction {
  const blob = isBlob4844Tx(tx) ? { blobGasUsed: result.blobGasUsed ?? 0n, blobGasPrice: room.blobBaseFee } : {};
  const tip = "maxFeePerGas" in tx ? tx.maxPriorityFeePerGas : 0n;
  const price = "maxFeePerGas" in tx ? (tx.maxFeePerGas < room.baseFee + tip ? tx.maxFeePerGas : room.baseFee + tip) : tx.gasPrice;
  return {
    hash,
    raw,
    type: tx.type,
    sender: sender.bytes,
    nonce: tx.nonce,
    to: tx.to?.bytes,
    contractAddress: tx.to === undefined ? generateAddress(sender.bytes, rlpInt(tx.nonce)) : undefined,
    ok: result.execResult.exceptionError === undefined,
    gasUsed: result.totalGasSpent,
    cumulativeGasUsed: outcome.gasUsed + result.totalGasSpent,
    effectiveGasPrice: price,
    ...blob,
    logs: (result.execResult.logs ?? []).map(([address, topics, data]) => ({ address, topics, data })),
    logsBloom: result.bloom.bitvector,
    failure: failureOf(result),
  };
}

function failureOf({ execResult }: RunTxResult): TransactionFailure | undefined {
  const error = failureReason(execResult);
  return error === undefined ? undefined : { error, output: execResult.returnValue.slice(0, FAILURE_BYTES) };
}
