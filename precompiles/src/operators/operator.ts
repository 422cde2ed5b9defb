/** An operator as the table lists it: how it is read, what it computes, how the kernels get it. */
import type { Descriptor, PlanMemory } from "./shared/descriptor.ts";
import type { Layer } from "./shared/layer.ts";
import type { Operands } from "./shared/operands.ts";

/** `L`: what its checks leave. `Y`: elements of its output. */
interface OperatorParts<L extends Layer, Y> {
  /** In the file; a code never changes its meaning. */
  code: number;
  /** Throws MODEL_SHAPE_INVALID. */
  read(operands: Operands): L;
  /** The judge: fills y. `other` is an activation where the layer has a second one. */
  run(layer: L, y: Y, x: Int8Array, other: Int8Array): void;
  /** The descriptor but for code, addresses and zero points of the activations. */
  plan(layer: L, memory: PlanMemory): Descriptor;
  /** Function of the kernels' module of the same name in kernels/assembly. */
  kernel: string;
}

/** An operator of a model, ready to be run by the judge and to be planned for the kernels. */
export interface Step {
  code: number;
  layer: Layer;
  run(y: Int8Array | Int32Array, x: Int8Array, other: Int8Array): void;
  plan(memory: PlanMemory): Descriptor;
}

export interface BuiltOperator {
  code: number;
  kernel: string;
  read(operands: Operands): Step;
}

/** Holds the parts together by the type of their layer, and hides it. */
export function operator<L extends Layer, Y extends Int8Array | Int32Array>(parts: OperatorParts<L, Y>): BuiltOperator {
  const { code, kernel, read, run, plan } = parts;
  return {
    code,
    kernel,
    read(operands) {
      const layer = read(operands);
      return { code, layer, run: (y, x, other) => run(layer, y as Y, x, other), plan: (memory) => plan(layer, memory) };
    },
  };
}
