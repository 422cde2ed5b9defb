/** The precompiles as they were before engine/natives: the library's, with its JavaScript curves and hashes. */
import { Common, type Hardfork, Mainnet } from "@ethereumjs/common";
import { getActivePrecompiles, NobleBLS, NobleBN254, type PrecompileInput, paramsEVM } from "@ethereumjs/evm";
import type { Native } from "../../engine/natives/outcome.ts";
import { createPointEvaluation } from "../noble-kzg.ts";

export type Reference = { addresses: number[]; precompile(address: number): Native };

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
      return (input) => library({ ...input, common, _EVM: evm });
    },
  };
}
