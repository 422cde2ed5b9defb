/** Runtimes of others as far as they are used here; types of their own would ask for what only some commands install. */
import { createRequire } from "node:module";
import { installOutside } from "../install-outside.ts";

const require = createRequire(import.meta.url);

export interface TfTensor {
  shape: number[];
  dataSync(): ArrayLike<number>;
}
export interface TfArtifacts {
  modelTopology: unknown;
  weightSpecs?: unknown[];
  weightData?: ArrayBuffer;
  format?: string;
  signature?: unknown;
  userDefinedMetadata?: unknown;
}
export interface TfModel {
  predict(x: TfTensor): TfTensor;
}
export interface TfLayersModel extends TfModel {
  weights: readonly { originalName: string; shape: number[] }[];
  setWeights(weights: readonly TfTensor[]): void;
  save(handler: unknown): Promise<unknown>;
}
type Apply = { apply(x: unknown): unknown };
type Factory = (config?: Record<string, unknown>) => Apply;
export interface Tfjs {
  tensor(values: Float32Array, shape: readonly number[]): TfTensor;
  io: { withSaveHandler(save: (artifacts: TfArtifacts) => Promise<unknown>): unknown };
  layers: Record<string, Factory>;
  input(config: { shape: readonly number[] }): unknown;
  model(config: { inputs: unknown; outputs: unknown }): TfLayersModel;
  sequential(config: { layers: readonly unknown[] }): TfLayersModel;
  loadLayersModel(handler: { load(): Promise<TfArtifacts> }): Promise<TfModel>;
  loadGraphModel(handler: { load(): Promise<TfArtifacts> }): Promise<TfModel>;
}

/** TensorFlow.js on its plain JavaScript back end. */
export async function tfjs(): Promise<Tfjs> {
  await installOutside("tools/runtimes");
  const core = require("@tensorflow/tfjs-core");
  require("@tensorflow/tfjs-backend-cpu");
  await core.setBackend("cpu");
  return { ...core, ...require("@tensorflow/tfjs-layers"), ...require("@tensorflow/tfjs-converter") };
}

export interface OnnxTensor {
  data: ArrayLike<number>;
  dims: readonly number[];
}
export interface OnnxSession {
  inputNames: readonly string[];
  outputNames: readonly string[];
  run(feeds: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}
export interface OnnxRuntime {
  env: { versions: { node?: string } };
  InferenceSession: { create(file: Uint8Array, options?: Record<string, unknown>): Promise<OnnxSession> };
  Tensor: new (type: "float32" | "uint8", data: Float32Array | Uint8Array, dims: readonly number[]) => OnnxTensor;
}

export async function onnxruntime(): Promise<OnnxRuntime> {
  await installOutside("tools/runtimes");
  return require("onnxruntime-node") as OnnxRuntime;
}
