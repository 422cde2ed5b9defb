/** What precompiles/contracts/testing answers from: what MODEL_INFO says of the model, and what INFER answers to inputs. */
import { bigIntToBytes, concatBytes, to0x } from "@noema/core/bytes";
import type { LoadedModel } from "@noema/precompiles/model/load";

export function recording(model: LoadedModel, inputs: readonly Uint8Array[], outputs: readonly Uint8Array[]) {
  const { macs, units, inputBytes, outputBytes, weightBytes } = model;
  // Of a model of genesis: active, from block 0, owned by nobody.
  const info = [2, 0, macs, units, inputBytes, outputBytes, weightBytes, 0, 0].map((word) => bigIntToBytes(BigInt(word), 32));
  return {
    model: to0x(model.id),
    info: to0x(concatBytes(...info)),
    inputs: inputs.map((input) => to0x(input)),
    outputs: outputs.map((output) => to0x(output)),
  };
}
