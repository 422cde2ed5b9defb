import type { Tensor } from "@noema/precompiles/model/types";
import type { ModelCard } from "@noema/precompiles/model-card";
import { inferGas } from "@noema/precompiles/precompiles/gas";
import type { ModelRecord } from "@noema/precompiles/precompiles/model-registry";
import type { ModelFacts } from "../rpc/deps.ts";

type ReadCard = (file: string) => ModelCard | undefined;

/** Models that genesis activates, as RPC lists them; a model's name is its file's. */
export function modelFacts(files: readonly string[], records: readonly ModelRecord[], cardOf: ReadCard): ModelFacts {
  const facts = records.flatMap(({ id, loaded }, i) => {
    if (loaded === undefined) return [];
    const { inputBytes, outputBytes, macs, model } = loaded;
    const file = files[i] as string;
    const card = cardOf(file);
    const end = (index: number) => formOf(model.tensors[index] as Tensor);
    return [
      {
        id,
        name: file.replace(/\.nmodel$/, ""),
        description: card?.description ?? `${inputBytes} bytes in, ${outputBytes} out`,
        inputBytes,
        outputBytes,
        macs: BigInt(macs),
        gas: BigInt(inferGas(loaded)),
        input: { ...end(model.input), ...card?.input },
        output: { ...end(model.output), ...card?.output },
      },
    ];
  });
  return { list: () => facts };
}

function formOf({ dtype, shape }: Tensor) {
  return { dtype, shape };
}
