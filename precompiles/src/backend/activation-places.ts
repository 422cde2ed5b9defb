/**
 * Where activations lie in a plan's memory: each takes the smallest place that fits of those whose values nobody reads any more. A
 * model then works on what the processor's caches still hold, and takes the memory of its widest part instead of all of it.
 */
import { type Model, tensorBytes } from "../format/types.ts";

type Place = { at: number; bytes: number };

/** By index of tensor; 0 for weights. `reserve`: so many new bytes. */
export function activationPlaces({ tensors, operators, input, output }: Model, reserve: (bytes: number) => number): number[] {
  const last = new Map<number, number>([[output, operators.length]]);
  for (const [i, { inputs, outputs }] of operators.entries())
    for (const index of [...inputs, ...outputs]) if (index !== output) last.set(index, i);
  const free: Place[] = [];
  const places = new Map<number, Place>();
  const put = (index: number) => {
    const bytes = tensorBytes(tensors[index]!);
    const [place] = free.splice(firstOf(free, bytes), 1);
    places.set(index, place ?? { at: reserve(bytes), bytes });
  };
  put(input);
  for (const [i, { inputs, outputs }] of operators.entries()) {
    for (const index of outputs) put(index);
    for (const index of new Set([...inputs, ...outputs])) {
      const place = places.get(index);
      if (place !== undefined && last.get(index) === i) free.splice(firstOf(free, place.bytes), 0, place);
    }
  }
  return tensors.map((_, index) => places.get(index)?.at ?? 0);
}

/** The first of at least so many bytes; they stand smallest first. */
function firstOf(free: readonly Place[], bytes: number): number {
  let [low, high] = [0, free.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (free[middle]!.bytes < bytes) low = middle + 1;
    else high = middle;
  }
  return low;
}
