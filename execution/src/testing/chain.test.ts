import { precompileSetCompliance } from "@noema/core/testing/compliance/precompile-set";
import { echoPrecompiles } from "./chain.ts";

precompileSetCompliance("echo", () => ({
  set: echoPrecompiles(),
  view: { height: 1, state: { slot: () => 0n, code: () => new Uint8Array(0) } },
  calls: [{ index: 0, input: Uint8Array.of(1, 2, 3), gas: 1000 }],
}));
