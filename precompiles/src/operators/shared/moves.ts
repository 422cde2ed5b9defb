/** Elements that are moved, and descriptors of the kernel `move`. */
import { elements } from "../../format/types.ts";
import type { Descriptor } from "./descriptor.ts";

/** A dimension of what is moved: how many, and how many bytes apart neighbours lie in input and output. */
export interface Axis {
  size: number;
  from: number;
  to: number;
}

/** From the outermost of the output; those that follow on another in input and output are one with it. */
export type Axes = readonly Axis[];

export function axesOf(shape: readonly number[], from: readonly number[], to: readonly number[]): Axes {
  const axes = shape.map((size, i) => ({ size, from: from[i]!, to: to[i]! }));
  return axes.filter(({ size }) => size > 1).reduce(merge, []);
}

function merge(outer: Axes, axis: Axis): Axes {
  const last = outer.at(-1);
  if (last === undefined || last.from !== axis.size * axis.from || last.to !== axis.size * axis.to) return [...outer, axis];
  return [...outer.slice(0, -1), { ...axis, size: last.size * axis.size }];
}

/** Elements that are neighbours in input and output, and the axes beside them. */
function split(axes: Axes): { run: number; beside: Axes } {
  const last = axes.at(-1);
  return last?.from === 1 && last.to === 1 ? { run: last.size, beside: axes.slice(0, -1) } : { run: 1, beside: axes };
}

const ONE: Axis = { size: 1, from: 0, to: 0 };

/** Bytes of a page of memory: hardware foresees no step from one to the next. */
const PAGE = 4096;

/** How many stretches of neighbours there are, by whether the next one lies a page or more from the last. */
export function runsOfMove(axes: Axes): { near: number; far: number } {
  const { beside } = split(axes);
  const runs = elements(beside.map(({ size }) => size));
  const { from, to } = beside.at(-1) ?? ONE;
  return Math.max(from, to) < PAGE ? { near: runs, far: 0 } : { near: 0, far: runs };
}

/** The innermost axis of the output is the kernel's innermost; the others come in the order of the input, so that it is read as it lies. */
export function moveOf(axes: Axes): Descriptor {
  const { run, beside } = split(axes);
  const inner = beside.at(-1) ?? ONE;
  const outer = beside.slice(0, -1).toSorted((a, b) => b.from - a.from);
  const [a, b, c] = [...Array<Axis>(3 - outer.length).fill(ONE), ...outer] as [Axis, Axis, Axis];
  return {
    run,
    ...{ size0: a.size, size1: b.size, size2: c.size, size3: inner.size },
    ...{ from0: a.from, from1: b.from, from2: c.from, from3: inner.from },
    ...{ to0: a.to, to1: b.to, to2: c.to, to3: inner.to },
  };
}
