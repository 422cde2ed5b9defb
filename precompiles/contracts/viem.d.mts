/** Types of viem.mjs. A model's id, a literal in what `noema model bind` writes, brands its inputs: another model's, or bare bytes, do not compile. */
type Hex = `0x${string}`;

/** What `noema model bind` writes of a model. */
export interface Model {
  readonly modelId: Hex;
  readonly input: End;
  readonly output: End & { readonly dtype: "int8" | "int32"; readonly labels: readonly string[] | null };
}

interface End {
  readonly shape: readonly number[];
  readonly elements: number;
  readonly zeroPoint: number;
  /** real = scale * (byte - zeroPoint); null where nothing says it. */
  readonly scale: number | null;
  readonly encoding: string;
}

type WithScale = { readonly input: { readonly scale: number } };

declare const of: unique symbol;
/** Made by `inputOf` or `fromReals`. */
export type Input<M extends Model> = Uint8Array & { readonly [of]: M["modelId"] };

export interface Result<M extends Model> {
  values: number[];
  /** Of the largest value; the lowest of equals. */
  best: number;
  /** Of `best`; where the model itself answers with an index (ARGMAX, TOPK), of the first one. */
  label: M["output"]["labels"] extends readonly (infer Label)[] ? Label : undefined;
}

export interface ModelInfo {
  status: "registered" | "active";
  activationBlock: bigint;
  macs: bigint;
  units: bigint;
  inputBytes: number;
  outputBytes: number;
  weightBytes: number;
  owner: Hex;
  royalty: bigint;
}

/** A client of viem with public actions. */
interface Client {
  call(args: { to: Hex; data: Hex }): Promise<{ data?: Hex | undefined }>;
}

export function inputOf<M extends Model>(model: M, values: Int8Array): Input<M>;
export function fromReals<M extends Model & WithScale>(model: M, values: ArrayLike<number>): Input<M>;
export function infer<M extends Model>(client: Client, model: M, input: Input<NoInfer<M>>): Promise<Result<M>>;
export function modelInfo(client: Client, model: Model | Hex): Promise<ModelInfo>;

/** No interface: `extend` wants a type that takes any other key. */
export type Actions = {
  infer<M extends Model>(model: M, input: Input<NoInfer<M>>): Promise<Result<M>>;
  modelInfo(model: Model | Hex): Promise<ModelInfo>;
};
export function noema(client: Client): Actions;
