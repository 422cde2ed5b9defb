/** Evaluation of a row, given by its values at the bit-reversed 4,096th roots of unity (EIP-4844), at a point outside the domain. */
import type { Bytes } from "@noema/core/ports/bytes";
import { ROW_ELEMENTS } from "./elements.ts";
import { type FieldKernel, fieldKernel } from "./field/kernel.ts";
import { inverse, mod, P, power, rootOfUnity } from "./field/scalars.ts";

/** What a row is multiplied by, element by element, to have its value at one point; in the kernel's form. */
export type Weights = { readonly form: Bytes };

const SIZE = BigInt(ROW_ELEMENTS);
let prepared: FieldKernel | undefined;
/** Those that the kernel holds. */
let held: Weights | undefined;

function kernelWithDomain(): FieldKernel {
  if (prepared !== undefined) return prepared;
  prepared = fieldKernel();
  prepared.setInput([1n, rootOfUnity(ROW_ELEMENTS)]);
  prepared.prepare();
  return prepared;
}

/** b_e with row(z) = sum b_e row_e: b_e = (z^4096 - 1) / 4096 * x_e / (z - x_e). undefined when z lies in the domain (2^-243). */
export function weightsAt(z: bigint): Weights | undefined {
  const vanishing = mod(power(z, SIZE) - 1n);
  if (vanishing === 0n) return undefined;
  const kernel = kernelWithDomain();
  kernel.setInput([z, (vanishing * inverse(SIZE)) % P]);
  kernel.weigh();
  held = { form: kernel.getWeights() };
  return held;
}

/** Values of rows at the weights' point; undefined for one with an element that is not canonical. */
export function evaluateRows(weights: Weights, rows: readonly Bytes[]): (bigint | undefined)[] {
  const kernel = kernelWithDomain();
  if (held !== weights) kernel.setWeights(weights.form);
  held = weights;
  return rows.map((row) => {
    kernel.setInput(row);
    return kernel.evaluateRow() ? kernel.result() : undefined;
  });
}
