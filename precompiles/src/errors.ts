import { defineErrors } from "@noema/core/errors";

export const { errors, error: precompileError } = defineErrors({
  BACKEND_BUSY: {
    means: "a gpu-worker has more requests than it takes at once",
    remedy: "Nothing is lost: the validator computes on WASM. Where it lasts, start another gpu-worker.",
    http: 503,
    retryAfter: 1,
  },
  BACKEND_MODEL_UNFIT: {
    means: "a model is too large for the GPU that runs beside a node",
    remedy: "Nothing is lost: it runs on WASM, as on every validator without a GPU.",
    http: 422,
  },
  BACKEND_LOST: {
    means: "what ran models beside the thread that executes blocks has ended",
    remedy: "Nothing is lost: the results that it owed are computed by the thread that needs them.",
    http: 503,
  },
  BACKEND_UNAVAILABLE: {
    means: "the inference back end that was asked for cannot be opened here",
    remedy: "Bring what the message says is missing, or start with --backend wasm: blocks need nothing else.",
  },
  DIGIT_INPUT_INVALID: { means: "a picture of a digit does not have 784 values in range", remedy: "Give 28 x 28 values, row by row." },
  GPU_WORKER_REQUEST_INVALID: {
    means: "a gpu-worker was asked what it does not answer, or sent more than it takes",
    remedy: "Use a validator of the same version: `--backend remote --gpu-worker URL`.",
    http: 400,
  },
  INFERENCE_AWAITED: {
    means: "a run ahead of time came to an inference whose result is not there yet",
    remedy: "Nothing is lost: the run is made again when the result is there, and no client sees this.",
  },
  INFERENCE_GENESIS_INVALID: {
    means: "the inference section of genesis.json does not have the required form",
    remedy: 'Write {"models": [["file.nmodel", "0x<sha256>"]]}.',
  },
  MODEL_CARD_INVALID: {
    means: "the JSON file beside a model does not say what its bytes mean in the required form",
    remedy: "Mend the section `interface` where the message says, or remove it: a model runs without.",
  },
  MODEL_DIGEST_MISMATCH: {
    means: "a model file is not the one that genesis.json names",
    remedy: "Fetch the file whose sha256 stands in genesis.json; every validator must have the same.",
    http: 422,
  },
  MODEL_ENCODING_INVALID: {
    means: "a file is not a .nmodel file in its one canonical encoding",
    remedy: "Write it again with this version's encoder; the message names the field.",
    http: 422,
  },
  MODEL_FILE_MISSING: { means: "a model named in genesis.json cannot be read", remedy: "Put the file where the message says." },
  MODEL_INPUT_INVALID: {
    means: "an input does not have the length that the model declares",
    remedy: "Read the input length from MODEL_INFO; int8, row-major.",
    http: 400,
    rpc: -32000,
  },
  MODEL_LIMIT_EXCEEDED: {
    means: "a model is larger than a validator may be asked to run",
    remedy: "Make the model smaller; large models take the asynchronous path.",
    http: 422,
  },
  MODEL_OPERATOR_UNSUPPORTED: {
    means: "a model uses an operator that this version does not have",
    remedy: "Convert the model without it, or wait for a version that has it.",
    http: 422,
  },
  MODEL_SHAPE_INVALID: {
    means: "an operator's tensors or attributes do not fit together",
    remedy: "The converter that wrote the file is wrong; the message names the operator.",
    http: 422,
  },
  MODEL_UNKNOWN: {
    means: "a gpu-worker does not hold the model that it was asked for",
    remedy: "Send it the model's file first, as a validator does.",
    http: 404,
  },
  MODEL_VERSION_UNSUPPORTED: {
    means: "a .nmodel file has a version or operator set that this node does not know",
    remedy: "Upgrade the node, or convert the model for its version.",
    http: 422,
  },
  NEED_MODEL: {
    means: "the weights of an active model are not on this machine",
    remedy: "The block is tried again after the model was fetched; nothing is lost.",
    rpc: -32000,
  },
});

export type PrecompileErrorCode = keyof typeof errors;

export function fail(code: PrecompileErrorCode, message: string, data: Record<string, unknown> = {}): never {
  throw precompileError(code, message, data);
}
