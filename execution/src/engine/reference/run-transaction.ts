/** Runs one transaction of a block with the library's runTx. */
import type { Block } from "@ethereumjs/block";
import { EVMError } from "@ethereumjs/evm";
import { createTxFromRLP, type TypedTransaction } from "@ethereumjs/tx";
import { Address, EthereumJSError } from "@ethereumjs/util";
import { type RunTxResult, runTx } from "@ethereumjs/vm";
import { isNoemaError } from "@noema/core/errors";
import type { TransactionFailure } from "../../api.ts";
import { SKIP, type SkipReason } from "../../blocks/skipped.ts";
import { execError } from "../../errors.ts";
import { createdAddress } from "../../rules/created-address.ts";
import { blobGasOf, effectiveGasPrice } from "../../rules/fees.ts";
import type { Candidate } from "../../rules/validity.ts";
import type { Journal } from "../../state/journal.ts";
import type { CodeRunner, Place } from "../block/code-runner.ts";
import type { BlockEnv, ExecutedTransaction } from "../engine.ts";
import type { Tracer } from "../trace.ts";
import { hasTransferForm } from "../transfers/transfer.ts";
import { withAuthorizations } from "./authorizations.ts";
import { evmBlock } from "./evm-block.ts";
import { failureReason } from "./failure.ts";
import type { Machine } from "./machine.ts";
import { stateReader } from "./precompiles.ts";
import { withTracer } from "./tracing.ts";

/** Kept of what a failed transaction reverted with: a reason for people. */
const FAILURE_BYTES = 1024;

/** Begins a block on its journal. */
export function codeRunner(machine: Machine, env: BlockEnv, journal: Journal, trace?: Tracer): CodeRunner {
  machine.precompiles.beginBlock({ height: env.height, state: stateReader(journal) });
  machine.state.use(journal);
  machine.blockHash = env.blockHash;
  machine.vm.evm.journal.cleanJournal();
  const block = evmBlock(env, machine);
  let made: { candidate: Candidate; tx: TypedTransaction | undefined } | undefined;
  const libraryTx = (candidate: Candidate) => {
    if (made?.candidate !== candidate) made = { candidate, tx: libraryTransaction(candidate, machine) };
    return made.tx;
  };
  return {
    // The rules of a transfer's form are the library's, too (rules/library-agrees.test.ts).
    accepts: (candidate) => hasTransferForm(candidate.tx) || libraryTx(candidate) !== undefined,
    async run(candidate, place) {
      const tx = libraryTx(candidate);
      return tx === undefined ? SKIP.malformed : runOne(machine, block, { candidate, tx, place, trace });
    },
  };
}

type Turn = { candidate: Candidate; tx: TypedTransaction; place: Place; trace?: Tracer };

async function runOne(machine: Machine, block: Block, { candidate, tx, place, trace }: Turn): Promise<ExecutedTransaction | SkipReason> {
  machine.counters = machine.precompiles.beginTx();
  try {
    const rules = { skipBlockGasLimitValidation: true, skipHardForkValidation: true };
    const run = () => runTx(machine.vm, { tx, block, blockGasUsed: place.gasBefore, ...rules });
    const { authorizationList = [] } = candidate.tx;
    const result = await withTracer(machine.vm, trace, () => withAuthorizations(machine, place.journal, authorizationList, tx, run));
    return executedTransaction(candidate, place, result);
  } catch (error) {
    if (refusedByRules(error)) return SKIP.refused;
    throw isNoemaError(error) ? error : execError("EXEC_ENGINE_FAILED", `the EVM failed: ${error}`, { hash: candidate.tx.hash }, error);
  }
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

function executedTransaction({ tx, sender }: Candidate, { gasBefore, room }: Place, result: RunTxResult): ExecutedTransaction {
  const { hash, raw, type, nonce, to } = tx;
  const gasUsed = result.totalGasSpent;
  return {
    hash,
    raw,
    type,
    sender,
    nonce,
    to,
    contractAddress: to === undefined ? createdAddress(sender, nonce) : undefined,
    ok: result.execResult.exceptionError === undefined,
    gasUsed,
    cumulativeGasUsed: gasBefore + gasUsed,
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
