/** What moves elements, and preambles of shapes. */
import type { Known } from "../../onnx/call.ts";
import { integers } from "../../source/constant.ts";
import { say } from "../say.ts";
import { constantOf, type GraphRule, inputOf, intOf, intsOf, numbersOf, rankOf, unsupported } from "./node.ts";

const keep: GraphRule = (node) => inputOf(node, 0);

const pad: GraphRule = (node) => {
  const pairs = numbersOf(node, 1);
  const fill = node.op === "PadV2" ? constantOf(node, 2).data[0] : 0;
  if (fill !== 0) unsupported(node, `padding by ${fill}`, "pad with zeros");
  const side = (which: 0 | 1) => pairs.filter((_, i) => i % 2 === which);
  return say(node, "Pad", [inputOf(node, 0)], { pads: [...side(0), ...side(1)] });
};

const concat: GraphRule = (node) =>
  say(node, "Concat", node.inputs.slice(0, -1), { axis: numbersOf(node, node.inputs.length - 1)[0] ?? 0 });

const slice: GraphRule = (node) => {
  const [starts, sizes] = [numbersOf(node, 1), numbersOf(node, 2)];
  const ends = starts.map((start, i) => (sizes[i] === -1 ? Number.MAX_SAFE_INTEGER : start + sizes[i]!));
  return say(node, "Slice", [inputOf(node, 0)], { starts, ends });
};

/** Bit i of a mask leaves out the start or the end of dimension i, or the dimension itself. */
const stridedSlice: GraphRule = (node) => {
  if (intOf(node, "ellipsis_mask", 0) !== 0 || intOf(node, "new_axis_mask", 0) !== 0)
    unsupported(node, "an ellipsis or a new axis", "slice every dimension, and use ExpandDims");
  const [begin, end, steps] = [numbersOf(node, 1), numbersOf(node, 2), numbersOf(node, 3)];
  const bit = (mask: string, i: number) => (intOf(node, mask, 0) & (1 << i)) !== 0;
  const gone = begin.flatMap((_, i) => (bit("shrink_axis_mask", i) ? [i] : []));
  const starts = begin.map((x, i) => (bit("begin_mask", i) ? 0 : x));
  const ends = end.map((x, i) =>
    gone.includes(i) ? (begin[i] === -1 ? Number.MAX_SAFE_INTEGER : begin[i]! + 1) : bit("end_mask", i) ? Number.MAX_SAFE_INTEGER : x,
  );
  const axes = begin.map((_, i) => i);
  const part = say(node, "Slice", [inputOf(node, 0), integers(starts), integers(ends), integers(axes), integers(steps)]);
  return gone.length === 0 ? part : say(node, "Squeeze", [part], { axes: gone });
};

const pack: GraphRule = (node) => {
  const axes = [intOf(node, "axis", 0)];
  const parts = node.inputs.map((x) => say(node, "Unsqueeze", [x], { axes }));
  return parts.length === 1 ? parts[0]! : say(node, "Concat", parts, { axis: axes[0]! });
};

const split: GraphRule = (node) => {
  const [rank, parts] = [rankOf(node, 1), intOf(node, "num_split", 1)];
  const given = numbersOf(node, 0)[0] ?? 0;
  const axis = given < 0 ? given + rank : given;
  const x = inputOf(node, 1);
  const size = ("dims" in x ? (x.dims[axis] ?? 0) : 0) / parts;
  return Array.from(
    { length: parts },
    (_, i): Known => say(node, "Slice", [x], { starts: [i * size], ends: [(i + 1) * size], axes: [axis] }),
  );
};

const gather: GraphRule = (node) => {
  const axis = node.inputs.length > 2 ? (numbersOf(node, 2)[0] ?? 0) : 0;
  return say(node, "Gather", [inputOf(node, 0), inputOf(node, 1)], { axis });
};

export const MOVES: Record<string, GraphRule> = {
  Cast: keep,
  ConcatV2: concat,
  ExpandDims: (node) => say(node, "Unsqueeze", [inputOf(node, 0)], { axes: numbersOf(node, 1) }),
  Gather: gather,
  GatherV2: gather,
  Identity: keep,
  Pack: pack,
  Pad: pad,
  PadV2: pad,
  Reshape: (node) => say(node, "Reshape", [inputOf(node, 0), constantOf(node, 1)], { allowzero: 1 }),
  Shape: (node) => say(node, "Shape", [inputOf(node, 0)]),
  Slice: slice,
  Split: split,
  Squeeze: (node) => {
    const axes = intsOf(node, "squeeze_dims") ?? [];
    return say(node, "Squeeze", [inputOf(node, 0)], axes.length === 0 ? {} : { axes });
  },
  StopGradient: keep,
  StridedSlice: stridedSlice,
  Transpose: (node) => say(node, "Transpose", [inputOf(node, 0)], { perm: numbersOf(node, 1) }),
};
