/** ONNX's protobuf to plain objects; nothing of it is trusted to fit together yet. */
import protobuf from "protobufjs/light.js";
import { fail } from "../errors.ts";
import { excessOf } from "./amount.ts";
import { ONNX, type OnnxGraph, type OnnxModel } from "./schema.ts";

// 64-bit numbers as doubles: dimensions and indices beyond 2^53 fit no model, and an object for each would take 40 bytes.
protobuf.util.Long = undefined as never;
protobuf.configure();

const model = protobuf.Root.fromJSON(ONNX).lookupType("Model");

/** Throws CONVERT_SOURCE_INVALID. */
export function readOnnx(file: Uint8Array): { graph: OnnxGraph; opset: number; producer: string } {
  const decoded = decode(file);
  const { graph, opsetImport, functions, producerName } = decoded;
  if (graph === undefined || graph === null || graph.node.length === 0)
    return fail("CONVERT_SOURCE_INVALID", "no ONNX graph with nodes in the file");
  const [first] = functions;
  if (first !== undefined)
    fail(
      "CONVERT_UNSUPPORTED",
      `the model defines the function ${first.name}: export it with functions inlined (onnx.inliner.inline_local_functions)`,
    );
  const opset = opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx")?.version ?? 0;
  if (opset < 7) fail("CONVERT_UNSUPPORTED", `operator set ${opset}: convert it to 13 or newer (onnx.version_converter.convert_version)`);
  return { graph, opset, producer: producerName };
}

function decode(file: Uint8Array): OnnxModel {
  let excess: string | undefined;
  try {
    excess = excessOf(file);
    if (excess === undefined) return model.decode(file) as unknown as OnnxModel;
  } catch {
    return fail("CONVERT_SOURCE_INVALID", `${file.length} bytes that are no ONNX model`);
  }
  return fail("CONVERT_SOURCE_INVALID", `the file has ${excess}`);
}
