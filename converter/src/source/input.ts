/** A model's input as its source says it. */
import { fail } from "../errors.ts";
import { type Laid, rowMajor, withoutBatch } from "./laid.ts";

interface Given {
  /** Below 1 where the source leaves it open. */
  size: number;
  /** What the source calls it then. */
  open?: string;
}

/** All dimensions; those that the source leaves open are `wanted`'s, the first is 1 without. Throws CONVERT_DATA_INVALID, CONVERT_UNSUPPORTED. */
export function inputDims(name: string, given: readonly Given[], wanted?: readonly number[]): number[] {
  if (wanted !== undefined && (wanted.length !== given.length || wanted.some((x) => !Number.isInteger(x) || x < 1)))
    fail("CONVERT_DATA_INVALID", `--input-shape: ${given.length} whole numbers from 1 on are expected for the input ${name}`);
  const dims = given.map(({ size, open }, i) => {
    const own = wanted?.[i] ?? size;
    if (own > 0) return own;
    return i === 0
      ? 1
      : fail(
          "CONVERT_UNSUPPORTED",
          `the input ${name} has an open dimension ${i} (${open || "?"}): give the whole shape with --input-shape`,
        );
  });
  if (dims[0] !== 1 && dims.length > 1) fail("CONVERT_UNSUPPORTED", `the input ${name} is a batch of ${dims[0]}: export the model for one`);
  return dims;
}

/** Row-major, without its batch. */
export function inputLaid(name: string, dims: readonly number[]): Laid {
  const rest = dims.slice(1);
  const shape = dims.length === 1 ? dims : rest.length > 0 ? rest : withoutBatch(dims);
  return rowMajor({ shape, name }, dims);
}
