import type { Lut8 } from "./layer.ts";

export function runLut8({ table }: Lut8, y: Int8Array, x: Int8Array): void {
  for (let i = 0; i < y.length; i++) y[i] = table[x[i]! + 128]!;
}
