/** Ethereum's precompiles (engine/natives) for the library. */
import { type CustomPrecompile, EVMError, type ExecResult } from "@ethereumjs/evm";
import { Address } from "@ethereumjs/util";
import { bigIntToBytes } from "@noema/core/bytes";
import type { Fork } from "../../rules/forks.ts";
import { nativePrecompiles } from "../natives/natives.ts";
import type { NativeOutcome } from "../natives/outcome.ts";

export function nativeCustomPrecompiles(fork: Fork): CustomPrecompile[] {
  return [...nativePrecompiles(fork)].map(([address, native]) => ({
    address: new Address(bigIntToBytes(BigInt(address), 20)),
    function(input) {
      const outcome = native(input);
      return outcome instanceof Promise ? outcome.then(resultOf) : resultOf(outcome);
    },
  }));
}

function resultOf({ gasUsed, output, failure }: NativeOutcome): ExecResult {
  const result = { executionGasUsed: gasUsed, returnValue: output };
  return failure === undefined ? result : { ...result, exceptionError: new EVMError(EVMError.errorMessages[failure]) };
}
