import { defineErrors } from "@noema/core/errors";

export const { errors, error: converterError } = defineErrors({
  CONVERT_DATA_INVALID: {
    means: "a file of inputs, labels or scores is not what a conversion or a run can use",
    remedy: "Give a .npy file of numbers, first axis the samples, the others as the model's input; names are text, one a line.",
  },
  CONVERT_OUTPUT_EXISTS: { means: "a file that would be written exists", remedy: "Choose another name, or say --force." },
  CONVERT_SOURCE_INVALID: {
    means: "a file to convert is no ONNX or tfjs model, or a damaged one",
    remedy: "Export the model again; the message says what does not fit.",
  },
  CONVERT_UNSUPPORTED: {
    means: "a model to convert has a part that has no integer form here",
    remedy: "The message names the node and what to do instead.",
  },
});

export type ConverterErrorCode = keyof typeof errors;

export function fail(code: ConverterErrorCode, message: string, data: Record<string, unknown> = {}): never {
  throw converterError(code, message, data);
}
