/** The PrecompileSet port as precompiles of the EVM. They run inside the transaction, synchronously. */
import { type CustomPrecompile, EVMError, type ExecResult } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { Precompile, PrecompileSet, StateReader, TxCounters } from "@noema/core/ports/precompiles";
import type { Journal } from "../../state/journal.ts";

const NOTHING = new Uint8Array(0);
const { OUT_OF_GAS, REVERT } = EVMError.errorMessages;

export function stateReader(journal: Journal): StateReader {
  return {
    slot: (address, key) => bytesToBigInt(journal.slot(address, key)),
    code(address) {
      const account = journal.account(address);
      return account === undefined ? NOTHING : journal.code(account.codeHash);
    },
  };
}

/** `counters`: of the transaction that runs now. */
export function customPrecompiles(set: PrecompileSet, counters: () => TxCounters): CustomPrecompile[] {
  return set.precompiles.map((precompile) => ({
    address: new Address(precompile.address),
    function: ({ data, gasLimit }) => run(precompile, data, gasLimit, counters()),
  }));
}

function run(precompile: Precompile, input: Bytes, gasLimit: bigint, counters: TxCounters): ExecResult {
  // Gas of a block is far below 2^53; a call's gas is capped by the service.
  const { ok, output, gasUsed } = precompile.run(input, Number(gasLimit), counters);
  if (BigInt(gasUsed) > gasLimit) return { returnValue: NOTHING, executionGasUsed: gasLimit, exceptionError: new EVMError(OUT_OF_GAS) };
  return { returnValue: output, executionGasUsed: BigInt(gasUsed), ...(!ok && { exceptionError: new EVMError(REVERT) }) };
}
