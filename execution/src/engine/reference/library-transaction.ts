/** Transactions by the library's runTx, which also checks them again: what ours (run-transaction.ts) are compared with. */
import type { Block } from "@ethereumjs/block";
import { createTxFromRLP, type TypedTransaction } from "@ethereumjs/tx";
import { Address } from "@ethereumjs/util";
import { runTx } from "@ethereumjs/vm";
import { isNoemaError } from "@noema/core/errors";
import { SKIP, type SkipReason } from "../../blocks/skipped.ts";
import { execError } from "../../errors.ts";
import type { Candidate } from "../../rules/validity.ts";
import type { CodeRunner } from "../block/code-runner.ts";
import type { Place } from "../block/place.ts";
import type { ExecutedTransaction } from "../engine.ts";
import { withAuthorizations } from "./authorizations.ts";
import { executedTransaction, refusedByRules } from "./executed-transaction.ts";
import { signedInForm, withoutSenderCode } from "./library-impersonated.ts";
import type { Machine } from "./machine.ts";

/** For one block. */
export function libraryRunner(machine: Machine, block: Block): CodeRunner {
  return {
    async run(candidate, place) {
      const tx = libraryTransaction(candidate, machine);
      return tx === undefined ? SKIP.refused : runOne(machine, block, { candidate, tx, place });
    },
  };
}

type Turn = { candidate: Candidate; tx: TypedTransaction; place: Place };

async function runOne(machine: Machine, block: Block, { candidate, tx, place }: Turn): Promise<ExecutedTransaction | SkipReason> {
  machine.counters = machine.precompiles.beginTx();
  try {
    const rules = { skipBlockGasLimitValidation: true, skipHardForkValidation: true };
    const runSigned = () => runTx(machine.vm, { tx, block, blockGasUsed: place.gasBefore, ...rules });
    const { authorizationList = [], impersonated } = candidate.tx;
    const run = impersonated === undefined ? runSigned : () => withoutSenderCode(machine, tx.getSenderAddress(), runSigned);
    const result = await withAuthorizations(machine, place.journal, authorizationList, tx, run);
    const { execResult, totalGasSpent: gasUsed } = result;
    return executedTransaction(candidate, place, { gasUsed, execResult, logsBloom: result.bloom.bitvector });
  } catch (error) {
    if (refusedByRules(error)) return SKIP.refused;
    throw isNoemaError(error) ? error : execError("EXEC_ENGINE_FAILED", `the EVM failed: ${error}`, { hash: candidate.tx.hash }, error);
  }
}

/**
 * Built once, and not frozen: what the rules say of its sender and gas (the library takes a bigint for each byte of data, three times)
 * is its answer from then on. undefined: the library has a rule of its own against it.
 */
function libraryTransaction({ tx: { raw, impersonated }, sender, intrinsic }: Candidate, machine: Machine): TypedTransaction | undefined {
  const { chainId, vm } = machine;
  try {
    const signed = impersonated === undefined ? raw : signedInForm(raw, chainId);
    const tx = createTxFromRLP(signed, { common: vm.common, freeze: false });
    const address = new Address(sender);
    tx.getSenderAddress = () => address;
    tx.getIntrinsicGas = () => intrinsic;
    return tx;
  } catch {
    return undefined;
  }
}
