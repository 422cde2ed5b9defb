/** The PrecompileSet port as precompiles of the EVM. They run inside the transaction, synchronously, on the journal's state. */
import { type CustomPrecompile, EVMError, type ExecResult } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { bytesToBigInt } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import type { PrecompileSet, StateReader } from "@noema/core/ports/precompiles";
import type { Journal } from "../state/journal.ts";

const NOTHING = new Uint8Array(0);

/** `journal`: the state of the transaction that runs now. */
export function customPrecompiles(set: PrecompileSet, journal: () => Journal): CustomPrecompile[] {
  const reader: StateReader = {
    slot: (address, key) => bytesToBigInt(journal().slot(address, key)),
    code(address) {
      const account = journal().account(address);
      return account === undefined ? NOTHING : journal().code(account.codeHash);
    },
  };
  return set.addresses.map((address) => ({
    address: new Address(address),
    function: ({ data, gasLimit }) => run(set, address, data, gasLimit, reader),
  }));
}

function run(set: PrecompileSet, address: Bytes, input: Bytes, gasLimit: bigint, reader: StateReader): ExecResult {
  // Gas of a block is far below 2^53; a call's gas is capped by the service.
  const outcome = set.run(address, input, Number(gasLimit), reader);
  if (outcome.ok && BigInt(outcome.gasUsed) <= gasLimit) return { returnValue: outcome.output, executionGasUsed: BigInt(outcome.gasUsed) };
  return { returnValue: NOTHING, executionGasUsed: gasLimit, exceptionError: new EVMError(EVMError.errorMessages.OUT_OF_GAS) };
}
