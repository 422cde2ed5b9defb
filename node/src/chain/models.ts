import type { Hash } from "@noema/core/ports/bytes";
import type { Tensor } from "@noema/precompiles/format/types";
import type { LoadedModel } from "@noema/precompiles/model/load";
import type { ModelCard } from "@noema/precompiles/model-card";
import { inferGas } from "@noema/precompiles/set/gas";
import type { ModelFacts } from "../rpc/deps.ts";

type ReadCard = (file: string) => ModelCard | undefined;
type Form = Pick<Tensor, "dtype" | "shape">;

/** What is told of a model without its weights, which only the thread that executes holds. */
export type KnownModel = {
  file: string;
  id: Hash;
  inputBytes: number;
  outputBytes: number;
  macs: bigint;
  gas: bigint;
  input: Form;
  output: Form;
};

/** `files`: of the models, in the same order. */
export function knownModels(files: readonly string[], models: readonly LoadedModel[]): KnownModel[] {
  return models.map((loaded, i) => {
    const { id, inputBytes, outputBytes, macs, model } = loaded;
    const end = (index: number) => formOf(model.tensors[index] as Tensor);
    const work = { macs: BigInt(macs), gas: BigInt(inferGas(loaded)) };
    return { file: files[i] as string, id, inputBytes, outputBytes, ...work, input: end(model.input), output: end(model.output) };
  });
}

/** Models that genesis activates, as RPC lists them; a model's name is its file's. */
export function modelFacts(known: readonly KnownModel[], cardOf: ReadCard): ModelFacts {
  const facts = known.map(({ file, ...model }) => {
    const card = cardOf(file);
    return {
      ...model,
      name: file.replace(/\.nmodel$/, ""),
      description: card?.description ?? `${model.inputBytes} bytes in, ${model.outputBytes} out`,
      input: { ...model.input, ...card?.input },
      output: { ...model.output, ...card?.output },
    };
  });
  return { list: () => facts };
}

function formOf({ dtype, shape }: Tensor): Form {
  return { dtype, shape };
}
