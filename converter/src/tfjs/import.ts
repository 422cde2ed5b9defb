/** tfjs to the graph: models of layers, as Keras has them, and frozen graphs. */
import { fail } from "../errors.ts";
import { createBuilder } from "../ir/builder.ts";
import { isLaid, type Known } from "../onnx/call.ts";
import type { Imported } from "../source/imported.ts";
import { inputDims, inputLaid } from "../source/input.ts";
import { type Laid, straight } from "../source/laid.ts";
import { readGraph, runGraph } from "./graph/model.ts";
import { type Fields, fieldsOf, isFields } from "./json.ts";
import { inputShapeOf, runModel } from "./layers/model.ts";
import { type ReadShard, readWeights } from "./weights.ts";

/** `shape`: of the input, where the file leaves it open. Throws CONVERT_SOURCE_INVALID, CONVERT_UNSUPPORTED. */
export function importTfjs(file: Uint8Array, read: ReadShard, shape?: readonly number[]): Imported {
  const model = parsed(file);
  const topology = fieldsOf(model.modelTopology, "modelTopology");
  const weights = readWeights(model.weightsManifest, read);
  const builder = createBuilder();
  const begin = (name: string, dims: readonly number[]) =>
    inputLaid(
      name,
      inputDims(
        name,
        dims.map((size) => ({ size })),
        shape,
      ),
    );
  const end = (input: Laid, output: Known): Imported =>
    isLaid(output)
      ? { graph: builder.graph(input.value, straight(builder, output, "the output")), input }
      : fail("CONVERT_SOURCE_INVALID", "the output does not depend on the input");
  if (topology.node !== undefined) {
    const graph = readGraph(topology, signatureOf(model));
    const input = begin(graph.input.name, graph.input.dims);
    return end(input, runGraph(builder, weights, graph, input));
  }
  const layers = fieldsOf(topology.model_config ?? topology, "model_config");
  const { name, dims } = inputShapeOf(layers);
  const input = begin(name, dims);
  return end(input, runModel({ builder, weights }, layers, input));
}

function parsed(file: Uint8Array): Fields {
  try {
    return fieldsOf(JSON.parse(Buffer.from(file).toString("utf8")), "model.json");
  } catch (cause) {
    if (cause instanceof SyntaxError) return fail("CONVERT_SOURCE_INVALID", `${file.length} bytes that are no JSON`);
    throw cause;
  }
}

/** Where it stands has moved from version to version of the converter. */
function signatureOf({ signature, userDefinedMetadata }: Fields): Fields {
  if (isFields(signature)) return signature;
  return isFields(userDefinedMetadata) && isFields(userDefinedMetadata.signature) ? userDefinedMetadata.signature : {};
}
