import { inferGas } from "@noema/precompiles/precompiles/gas";
import type { ModelRecord } from "@noema/precompiles/precompiles/model-registry";
import type { ModelFacts } from "../rpc/deps.ts";

/** Models that genesis activates, as RPC lists them; a model's name is its file's. */
export function modelFacts(files: readonly string[], records: readonly ModelRecord[]): ModelFacts {
  const facts = records.flatMap(({ id, loaded }, i) => {
    if (loaded === undefined) return [];
    const { inputBytes, outputBytes, macs } = loaded;
    const name = (files[i] as string).replace(/\.nmodel$/, "");
    const description = `${inputBytes} bytes in, ${outputBytes} out`;
    return [{ id, name, description, inputBytes, outputBytes, macs: BigInt(macs), gas: BigInt(inferGas(loaded)) }];
  });
  return { list: () => facts };
}
