/** Models that come quantised: QDQ, where float operators stand between pairs, and QOperator, where each has its scales. Theirs are kept. */
import { identity } from "../../ir/builder.ts";
import type { Quantisation } from "../../ir/graph.ts";
import type { Constant } from "../../source/constant.ts";
import { type Laid, like } from "../../source/laid.ts";
import { type Call, constantOf, intOf, invalid, isLaid, type Known, laidOf, optional, type Rule, scalarOf, unsupported } from "../call.ts";
import { dequantised } from "../fold.ts";
import { convolution } from "./convolution.ts";
import { arithmetic, ELEMENTWISE } from "./elementwise.ts";
import { averagepool, globalPool } from "./pools.ts";
import { dense, turned } from "./products.ts";
import { SHAPES } from "./shapes.ts";

/** Scale and zero point at inputs i and i + 1, as of int8. */
function quantisationAt(call: Call, i: number): Quantisation {
  const zero = optional(call, i + 1);
  if (zero !== undefined && zero.range === undefined)
    unsupported(call, "a tensor that is quantised to more than 8 bits", "quantise activations to int8 or uint8");
  // Without a zero point the type is uint8.
  const middle = zero === undefined || zero.range?.lo === 0 ? 128 : 0;
  const scale = scalarOf(call, i);
  if (!(scale > 0)) invalid(call, `scale ${scale}`);
  return { scale, zeroPoint: (zero?.data[0] ?? 0) - middle };
}

/** The value, held to the quantisation: its own where it has none yet. */
function held(call: Call, laid: Laid, quantisation: Quantisation): Laid {
  const own = laid.value.quantisation;
  if (own !== undefined && own.scale === quantisation.scale && own.zeroPoint === quantisation.zeroPoint) return laid;
  const value = own === undefined ? laid.value : call.builder.add(identity, [laid.value], call.name);
  value.quantisation = quantisation;
  return like(laid, value);
}

const quantise: Rule = (call) => [held(call, laidOf(call, 0), quantisationAt(call, 1))];

function weightsAt(call: Call, i: number, axis: number): Constant {
  const q = constantOf(call, i);
  return dequantised(call, q, constantOf(call, i + 1), optional(call, i + 2), axis);
}

/** A bias of int32 is in steps of the input's scale times the weights'. */
function biasAt(call: Call, i: number, inputScale: number, weightScale: Constant): Constant | undefined {
  const bias = optional(call, i);
  const scales = weightScale.data;
  return (
    bias && {
      float: true,
      dims: bias.dims,
      data: Float32Array.from(bias.data, (q, n) => q * inputScale * scales[scales.length === 1 ? 0 : n]!),
    }
  );
}

const only = (call: Call, ...inputs: readonly (Known | undefined)[]): Call => ({ ...call, inputs });
const result = (call: Call, [out]: Known[], at: number): Known[] => [
  held(call, isLaid(out) ? out : invalid(call, "no result"), quantisationAt(call, at)),
];

const QOPERATORS: Record<string, Rule> = {
  QGemm: (call) => {
    if (intOf(call, "transA", 0) === 1) unsupported(call, "its first input is transposed", "transpose it before");
    const turn = intOf(call, "transB", 0) === 1;
    const weights = weightsAt(call, 3, turn ? 0 : 1);
    const matrix: Constant = turn ? turned(weights) : weights;
    return result(call, dense(call, laidOf(call, 0), matrix, biasAt(call, 6, scalarOf(call, 1), constantOf(call, 4))), 7);
  },
  QLinearAdd: (call) => result(call, arithmetic("+")(only(call, call.inputs[0], call.inputs[3])), 6),
  QLinearAveragePool: (call) => result(call, averagepool(call), 3),
  QLinearConcat: (call) => {
    const parts = call.inputs.slice(2).filter((_, i) => i % 3 === 0);
    return result(call, SHAPES.Concat!(only(call, ...parts)), 0);
  },
  QLinearConv: (call) => result(call, convolution(call, weightsAt(call, 3, 0), biasAt(call, 8, scalarOf(call, 1), constantOf(call, 4))), 6),
  QLinearGlobalAveragePool: (call) => result(call, globalPool("avgpool")(call), 3),
  QLinearLeakyRelu: (call) => result(call, ELEMENTWISE.LeakyRelu!(call), 3),
  QLinearMatMul: (call) => result(call, dense(call, laidOf(call, 0), weightsAt(call, 3, 1), undefined), 6),
  QLinearMul: (call) => result(call, arithmetic("*")(only(call, call.inputs[0], call.inputs[3])), 6),
  QLinearSigmoid: (call) => result(call, ELEMENTWISE.Sigmoid!(call), 3),
};

export const QUANTISED: Record<string, Rule> = { ...QOPERATORS, DequantizeLinear: (call) => [laidOf(call, 0)], QuantizeLinear: quantise };
