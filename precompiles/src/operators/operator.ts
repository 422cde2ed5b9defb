/** An operator as the table lists it: how it is read, what it computes, how the kernels get it. */
import type { Descriptor, PlanMemory } from "./shared/descriptor.ts";
import type { Layer } from "./shared/layer.ts";
import type { Operands } from "./shared/operands.ts";

/** `L`: what its checks leave. `X`, `Y`: elements of its input and output. */
interface OperatorParts<L extends Layer, X, Y> {
  /** In the file; a code never changes its meaning. */
  code: number;
  /** Throws MODEL_SHAPE_INVALID. */
  read(operands: Operands): L;
  /** The judge: fills y. `others` are those of the layer. */
  run(layer: L, y: Y, x: X, ...others: Int8Array[]): void;
  /** The descriptors, mostly one, but for code, addresses and zero points of input, second input and output. */
  plan(layer: L, memory: PlanMemory): Descriptor | readonly Descriptor[];
  /** Function of the kernels' module of the same name in kernels/assembly. */
  kernel: string;
}

/** Of an activation. */
export type Values = Int8Array | Int32Array;

/** An operator of a model, ready to be run by the judge and to be planned for the kernels. */
export interface Step {
  code: number;
  layer: Layer;
  run(y: Values, x: Values, ...others: Int8Array[]): void;
  plan(memory: PlanMemory): readonly Descriptor[];
}

export interface BuiltOperator {
  code: number;
  kernel: string;
  read(operands: Operands): Step;
}

/** Holds the parts together by the type of their layer, and hides it. */
export function operator<L extends Layer, X extends Values, Y extends Values>(parts: OperatorParts<L, X, Y>): BuiltOperator {
  const { code, kernel, read, run, plan } = parts;
  return {
    code,
    kernel,
    read(operands) {
      const layer = read(operands);
      return {
        code,
        layer,
        run: (y, x, ...others) => run(layer, y as Y, x as X, ...others),
        plan: (memory) => [plan(layer, memory)].flat(),
      };
    },
  };
}
