/** The precompiles as they were before engine/natives: the library's, with its JavaScript curves and hashes. */
import { Common, type Hardfork, Mainnet } from "@ethereumjs/common";
import { EVMError, getActivePrecompiles, NobleBLS, NobleBN254, type PrecompileInput, paramsEVM } from "@ethereumjs/evm";
import type { NativeInput, NativeOutcome } from "../../engine/natives/outcome.ts";
import { createPointEvaluation } from "../noble-kzg.ts";

/** `failure`: a name of ours, or the library's words. */
export type Told = Omit<NativeOutcome, "failure"> & { failure?: string };
export type Precompile = (input: NativeInput) => Told | Promise<Told>;
export type Reference = { addresses: number[]; precompile(address: number): Precompile };

export function createReference(fork: string): Reference {
  const common = new Common({ chain: Mainnet, hardfork: fork as Hardfork, customCrypto: { kzg: createPointEvaluation() } });
  common.updateParams(paramsEVM);
  const active = getActivePrecompiles(common);
  const evm = { _bls: new NobleBLS(), _bn254: new NobleBN254() } as unknown as PrecompileInput["_EVM"];
  return {
    addresses: [...active.keys()].map((hex) => Number(`0x${hex}`)).sort((a, b) => a - b),
    precompile(address) {
      const library = active.get(address.toString(16).padStart(40, "0"));
      if (library === undefined) throw new Error(`${fork} has no precompile ${address}`);
      return async (input) => {
        const { executionGasUsed, returnValue, exceptionError } = await library({ ...input, common, _EVM: evm });
        return { gasUsed: executionGasUsed, output: returnValue, failure: exceptionError?.error };
      };
    },
  };
}

/** In the library's words. */
export function wordsOf(failure: string | undefined): string {
  const words: Record<string, string> = EVMError.errorMessages;
  return failure === undefined ? "ok" : (words[failure] ?? failure);
}
