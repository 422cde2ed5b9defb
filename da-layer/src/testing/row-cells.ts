/** Cells of a row in BigInt, as EIP-7594 has them: evaluations at the bit-reversed 8,192nd roots of unity, 64 a cell. Test support, no production code. */
import { bytesToElement, ELEMENT_BYTES, ROW_ELEMENTS, writeElement } from "../blob/elements.ts";
import { inverse, inverses, mod, P, power, rootOfUnity } from "../blob/field/scalars.ts";
import { CELL_BYTES, CELLS } from "../sampling/cells.ts";
import { parseRow } from "./row-reference.ts";

const EXTENDED = 2 * ROW_ELEMENTS;
const CELL_ELEMENTS = EXTENDED / CELLS;

function reversed(value: number, bits: number): number {
  let out = 0;
  for (let i = 0; i < bits; i++) out |= ((value >> i) & 1) << (bits - 1 - i);
  return out;
}

/** Values at root^0, root^1, ... of the polynomial with these coefficients. */
function transform(values: readonly bigint[], root: bigint): bigint[] {
  if (values.length === 1) return [...values];
  const half = values.length / 2;
  const square = (root * root) % P;
  const [even, odd] = [0, 1].map((k) =>
    transform(
      values.filter((_, i) => i % 2 === k),
      square,
    ),
  ) as [bigint[], bigint[]];
  const out = new Array<bigint>(values.length);
  let x = 1n;
  for (let i = 0; i < half; i++) {
    const t = (x * odd[i]!) % P;
    out[i] = (even[i]! + t) % P;
    out[i + half] = mod(even[i]! - t);
    x = (x * root) % P;
  }
  return out;
}

/** Throws RangeError on a non-canonical element. */
export function cellsOf(row: Uint8Array): Uint8Array[] {
  const values = parseRow(row);
  if (values === undefined) throw new RangeError("non-canonical element");
  const inOrder = values.map((_, i) => values[reversed(i, 12)]!);
  const scale = inverse(BigInt(ROW_ELEMENTS));
  const coefficients = transform(inOrder, inverse(rootOfUnity(ROW_ELEMENTS))).map((c) => (c * scale) % P);
  const extended = transform([...coefficients, ...new Array<bigint>(ROW_ELEMENTS).fill(0n)], rootOfUnity(EXTENDED));
  return Array.from({ length: CELLS }, (_, k) => {
    const cell = new Uint8Array(CELL_BYTES);
    const view = new DataView(cell.buffer);
    for (let j = 0; j < CELL_ELEMENTS; j++) writeElement(view, ELEMENT_BYTES * j, extended[reversed(CELL_ELEMENTS * k + j, 13)]!);
    return cell;
  });
}

const points = new Map<number, bigint[]>();

/** x_j of a cell's elements. */
function cellPoints(index: number): bigint[] {
  const root = rootOfUnity(EXTENDED);
  const known =
    points.get(index) ?? Array.from({ length: CELL_ELEMENTS }, (_, j) => power(root, BigInt(reversed(CELL_ELEMENTS * index + j, 13))));
  points.set(index, known);
  return known;
}

/** h^64: where x^64 - h^64 is zero lie the cell's points. */
export function cellShift(index: number): bigint {
  return power(cellPoints(index)[0]!, BigInt(CELL_ELEMENTS));
}

/** At x, what the polynomial of degree below 64 through the cell has; undefined where an element is not canonical. */
export function interpolateCell(index: number, cell: Uint8Array, x: bigint): bigint | undefined {
  const shift = cellShift(index);
  const scale = (mod(power(x, BigInt(CELL_ELEMENTS)) - shift) * inverse((shift * BigInt(CELL_ELEMENTS)) % P)) % P;
  const own = cellPoints(index);
  const distances = inverses(own.map((point) => mod(x - point)));
  let sum = 0n;
  for (const [j, point] of own.entries()) {
    const y = bytesToElement(cell.subarray(ELEMENT_BYTES * j, ELEMENT_BYTES * (j + 1)));
    if (y === undefined) return undefined;
    sum = (sum + ((y * point) % P) * distances[j]!) % P;
  }
  return (sum * scale) % P;
}
