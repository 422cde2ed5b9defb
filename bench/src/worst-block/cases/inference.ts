/** INFER on the models of this chain, with an input that was not seen before each time; and MODEL_INFO. */
import { concatBytes } from "@noema/core/bytes";
import type { Bytes } from "@noema/core/ports/bytes";
import { type LoadedModel, loadModel } from "@noema/precompiles/model/load";
import {
  convolution,
  depthwise,
  gather,
  layernorms,
  matmul,
  pool,
  products,
  repeated,
  softmaxes,
  table,
  topk,
  transposes,
} from "@noema/precompiles/testing/model-shapes";
import { type Attack, at, number, program } from "../attack.ts";
import { bundledModel } from "../bundled.ts";
import { assemble, NEXT } from "../code.ts";
import { callLoop, callOf } from "./precompiles.ts";

const INFER = 0x0a01;
const MODEL_INFO = 0x0a00;
const ID_BYTES = 32;

/** The digits, and models whose work counts for least gas: few channels, many operators, elementwise steps. */
const MODELS: readonly (readonly [name: string, file: () => Bytes])[] = [
  ["digits", bundledModel],
  ["convolution 3x3 of 64x64x1", () => convolution(64, 1, 3, 1)],
  ["convolution 1x1 of 64x64x1", () => convolution(64, 1, 1, 1)],
  ["convolution 5x5 of 64x64x1 to 8", () => convolution(64, 1, 5, 8)],
  ["convolution 3x3 of 56x56x64", () => convolution(56, 64, 3, 64)],
  ["depthwise 3x3 of 64x64x1", () => depthwise(64, 1)],
  ["maximum 1x1 of 64x64", () => pool("MAXPOOL", 64, 1, 1)],
  ["average 8x8 of 64x64", () => pool("AVGPOOL", 64, 1, 8)],
  ["4,096 reshapes of 1", () => repeated(4096, "RESHAPE", [1], [])],
  ["2,000 dense 1 x 1", () => products(2000)],
  ["512 x 512 times itself", () => matmul(1, 512, 512)],
  [
    "16 multiplications of rows of 1",
    () => repeated(16, "MUL", [4096, 1], [{ shape: [1, 1], data: new Int8Array(1) }], [9000, 4, -128, 127]),
  ],
  ["softmax of 4,096 x 1", () => softmaxes(16, [4096, 1])],
  ["layer norm of 256 x 256", () => layernorms(16, [256, 256])],
  ["65,536 rows of 1 gathered", () => gather(65_536, 256, 1)],
  ["transposed 4,096 x 3", () => transposes(8, 4096, 3)],
  ["largest of 4,096 x 1", () => topk(4096, 1, 1)],
  ["16 tables of 65,536", () => repeated(16, "LUT8", [65_536], [table])],
];

export function attackModels(): LoadedModel[] {
  return MODELS.map(([, file]) => loadModel(file()));
}

const infer: Attack[] = MODELS.map(([name], index) =>
  program({
    name: `INFER ${name}`,
    group: "inference",
    axes: { same: [0, 1] },
    keep: [0],
    fragment(point, chain) {
      const model = chain.models[index] as LoadedModel;
      // The low bytes of the counter into the input, or the same input again, which is remembered.
      const vary = at(point, "same") ? new Uint8Array(0) : assemble("DUP1", ID_BYTES, model.inputBytes < 32 ? "MSTORE8" : "MSTORE", NEXT);
      const size = ID_BYTES + model.inputBytes;
      const input = concatBytes(assemble(number(model.id), 0, "MSTORE"), assemble(5, size - 1, "MSTORE8"));
      return { setup: input, body: concatBytes(vary, callOf(INFER, size)) };
    },
  }),
);

export const inferenceAttacks: readonly Attack[] = [
  ...infer,
  program({
    name: "MODEL_INFO",
    group: "inference",
    keep: [0],
    fragment: (_, chain) => callLoop(MODEL_INFO, (chain.models[0] as LoadedModel).id),
  }),
];
