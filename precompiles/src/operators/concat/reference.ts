import { elements } from "../../format/types.ts";
import type { Concat } from "./layer.ts";

export function runConcat({ input, others, output, axis }: Concat, y: Int8Array, ...parts: Int8Array[]): void {
  const outer = elements(output.shape.slice(0, axis));
  let at = 0;
  for (let i = 0; i < outer; i++)
    for (const [p, { shape }] of [input, ...others].entries()) {
      const length = elements(shape.slice(axis));
      y.set(parts[p]!.subarray(i * length, (i + 1) * length), at);
      at += length;
    }
}
