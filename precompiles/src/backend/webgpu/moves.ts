/** CONCAT, SLICE, PAD, TRANSPOSE as steps of the kernel `move`. */
import type { Concat } from "../../operators/concat/layer.ts";
import type { Pad } from "../../operators/pad/layer.ts";
import type { Layer } from "../../operators/shared/layer.ts";
import { indexOf, stridesOf } from "../../operators/shared/places.ts";
import type { Slice } from "../../operators/slice/layer.ts";
import type { Transpose } from "../../operators/transpose/layer.ts";
import type { GpuStep } from "./step.ts";

/** By dimension of the output: where the part that is written begins, its sizes, and for a step in each, how far it goes in x. */
interface Part {
  starts: readonly number[];
  counts: readonly number[];
  strides: readonly number[];
  offset?: number;
  keeps?: boolean;
}

/** Dimensions are filled up to four from the outermost. */
function moveOf(shape: readonly number[], { starts, counts, strides, offset = 0, keeps = false }: Part): GpuStep {
  const four = (values: readonly number[], fill: number) => [...Array<number>(4 - values.length).fill(fill), ...values] as Four;
  const [, size1, size2] = four(shape, 1);
  const [start0, start1, start2, start3] = four(starts, 0);
  const [count0, count1, count2, count3] = four(counts, 1);
  const [stride0, stride1, stride2, stride3] = four(strides, 0);
  const sizes = { size1, size2, start0, start1, start2, start3, count0, count1, count2, count3 };
  return { ...sizes, stride0, stride1, stride2, stride3, offset, keeps: Number(keeps) };
}

type Four = [number, number, number, number];

const move = <L extends Layer>(steps: (layer: L) => GpuStep) => ({ kernel: "move" as const, steps: (layer: Layer) => steps(layer as L) });
const zeros = (shape: readonly number[]) => shape.map(() => 0);

export const slice = move<Slice>(({ input, output: { shape }, starts, steps }) => {
  const from = stridesOf(input.shape);
  const strides = from.map((stride, i) => stride * steps[i]!);
  return moveOf(shape, { starts: zeros(shape), counts: shape, strides, offset: indexOf(starts, from) });
});

export const transpose = move<Transpose>(({ input, output: { shape }, permutation }) => {
  const from = stridesOf(input.shape);
  return moveOf(shape, { starts: zeros(shape), counts: shape, strides: permutation.map((p) => from[p]!) });
});

export const pad = move<Pad>(({ input, output: { shape }, before }) =>
  moveOf(shape, { starts: before, counts: input.shape, strides: stridesOf(input.shape) }),
);

/** A step for each part: it changes its own bytes of a word. */
export const concat = {
  kernel: "move" as const,
  /** Step i reads part i. */
  inputs: ({ input, others = [] }: Layer) => [input, ...others],
  steps(layer: Layer): GpuStep[] {
    const { input, others, output, axis } = layer as Concat;
    let at = 0;
    return [input, ...others].map(({ shape }) => {
      const starts = zeros(shape).with(axis, at);
      at += shape[axis]!;
      return moveOf(output.shape, { starts, counts: shape, strides: stridesOf(shape), keeps: true });
    });
  },
};
