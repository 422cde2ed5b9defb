/** Elements that are moved: descriptors of the kernel `move`. */
import type { Descriptor } from "./descriptor.ts";

/** A dimension of what is moved: how many, and how many bytes apart neighbours lie in input and output. */
export interface Axis {
  size: number;
  from: number;
  to: number;
}

/** Axes from the outermost; those that follow on another in input and output are one with it. */
export function moveOf(axes: readonly Axis[]): Descriptor {
  const [a, b, c, d] = padded(axes.filter(({ size }) => size > 1).reduce(merge, []));
  return {
    ...{ size0: a.size, size1: b.size, size2: c.size, size3: d.size },
    ...{ from0: a.from, from1: b.from, from2: c.from, from3: d.from },
    ...{ to0: a.to, to1: b.to, to2: c.to, to3: d.to },
  };
}

function merge(outer: readonly Axis[], axis: Axis): readonly Axis[] {
  const last = outer.at(-1);
  if (last === undefined || last.from !== axis.size * axis.from || last.to !== axis.size * axis.to) return [...outer, axis];
  return [...outer.slice(0, -1), { ...axis, size: last.size * axis.size }];
}

type Four = [Axis, Axis, Axis, Axis];

const padded = (axes: readonly Axis[]) => [...Array<Axis>(4 - axes.length).fill({ size: 1, from: 1, to: 1 }), ...axes] as Four;
