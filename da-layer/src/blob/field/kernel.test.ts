/** The kernel against the reference in BigInt: random rows, and rows of what is at the ends of the field and of its digits. */
import { createSeededRandom, type SeededRandom } from "@noema/core/testing/seeded-random";
import { expect, it } from "vitest";
import {
  parseRow,
  referenceCombination,
  referenceExtension,
  referenceValue,
  referenceWeights,
  serializeRow,
} from "../../testing/row-reference.ts";
import { evaluateRows, weightsAt } from "../barycentric.ts";
import { ROW_BYTES, ROW_ELEMENTS, writeElement } from "../elements.ts";
import { combineRows, decodeRows, extendRows } from "../row-code.ts";
import { P, power, rootOfUnity } from "./scalars.ts";

const seed = process.env.NOEMA_SEED ?? String(Date.now());
console.log(`NOEMA_SEED=${seed}`);

const ALL_DIGITS = (digit: bigint) =>
  Array.from({ length: 8 }, (_, i) => digit << BigInt(29 * i)).reduce((a, b) => a + b) + (7_597_478n << 232n);
/** The last two have signed digits at their ends. */
const EXTREMES = [0n, 1n, 2n, P >> 1n, (P >> 1n) + 1n, 1n << 254n, P - 2n, P - 1n, ALL_DIGITS(2n ** 28n - 1n), ALL_DIGITS(2n ** 28n)];

const anyElement = (random: SeededRandom) => random.bytes(32).reduce((x, byte) => (x << 8n) + BigInt(byte), 0n) % P;
const element = (random: SeededRandom) => (random.chance(0.5) ? EXTREMES[random.integer(EXTREMES.length)]! : anyElement(random));
const elements = (random: SeededRandom, count: number) => Array.from({ length: count }, () => element(random));
const same = (a: readonly Uint8Array[], b: readonly (readonly bigint[])[]) =>
  a.length === b.length && a.every((row, i) => Buffer.compare(row, serializeRow(b[i]!)) === 0);

/** Rows that are one element throughout, at least one of each extreme, and mixed ones. */
function rowsOf(random: SeededRandom, count: number): bigint[][] {
  return Array.from({ length: count }, (_, i) => {
    const one = EXTREMES[i % EXTREMES.length]!;
    return random.chance(0.3) ? new Array<bigint>(ROW_ELEMENTS).fill(one) : elements(random, ROW_ELEMENTS);
  });
}

it.each([
  [1, 3],
  [2, 7],
  [3, 9],
  [5, 40],
  [24, 30],
])("extends %i rows to %i as the reference does, and rebuilds them from the last", (R, N) => {
  const data = rowsOf(createSeededRandom(seed).fork(`extend ${R}`), R);
  const rows = data.map(serializeRow);
  const parity = extendRows(rows, N);
  expect(same(parity, referenceExtension(data, N))).toBe(true);
  const all = [...rows, ...parity];
  const last = Array.from({ length: R }, (_, i) => [N - 1 - i, all[N - 1 - i]!] as const);
  expect(same(decodeRows(new Map(last), R), data)).toBe(true);
});

it("extends and combines 128 rows whose sums are as large as they can be", () => {
  for (const x of EXTREMES.slice(-3)) {
    const constant = (value: bigint) => new Array<bigint>(ROW_ELEMENTS).fill(value);
    const rows = new Array<Uint8Array>(128).fill(serializeRow(constant(x)));
    // a constant column is its own extension
    expect(same(extendRows(rows, 130), [constant(x), constant(x)])).toBe(true);
    expect(same(combineRows([new Array<bigint>(128).fill(x)], rows), [constant((128n * x * x) % P)])).toBe(true);
  }
});

it("combines rows as the reference does, also 128 of them and with coefficients at the ends of the field", () => {
  const random = createSeededRandom(seed).fork("combine");
  for (const count of [1, 12, 13, 25]) {
    const rows = rowsOf(random, count);
    const lists = [elements(random, count), new Array<bigint>(count).fill(P - 1n), new Array<bigint>(count).fill(ALL_DIGITS(2n ** 28n))];
    expect(
      same(
        combineRows(lists, rows.map(serializeRow)),
        lists.map((list) => referenceCombination(list, rows)),
      ),
    ).toBe(true);
  }
});

it("evaluates as the reference does", () => {
  const random = createSeededRandom(seed).fork("evaluate");
  const rows = rowsOf(random, EXTREMES.length);
  for (const z of [0n, 2n, P - 2n, anyElement(random)]) {
    const weights = referenceWeights(z)!;
    expect(evaluateRows(weightsAt(z)!, rows.map(serializeRow))).toEqual(rows.map((row) => referenceValue(weights, row)));
  }
});

it("has no weights at a point of the domain", () => {
  for (const z of [1n, P - 1n, power(rootOfUnity(ROW_ELEMENTS), 77n)]) expect(weightsAt(z)).toBeUndefined();
});

it("keeps the weights of several points apart", () => {
  const row = [serializeRow(elements(createSeededRandom(seed).fork("apart"), ROW_ELEMENTS))];
  const [first, second] = [weightsAt(5n)!, weightsAt(6n)!];
  const values = [first, second].map((weights) => evaluateRows(weights, row)[0]);
  expect(values[0]).not.toBe(values[1]);
  expect(evaluateRows(first, row)[0]).toBe(values[0]);
});

it("refuses what is not canonical, wherever it stands in a row", () => {
  const weights = weightsAt(5n)!;
  for (const value of [P, P + 1n, 2n ** 256n - 1n, P + (1n << 64n), P + (1n << 128n), P + (1n << 192n)])
    for (const at of [0, 63, 64, 4095]) {
      const row = new Uint8Array(ROW_BYTES);
      writeElement(new DataView(row.buffer), 32 * at, value);
      expect(parseRow(row)).toBeUndefined();
      expect(evaluateRows(weights, [row])).toEqual([undefined]);
      expect(() => extendRows([row], 3)).toThrow(RangeError);
      expect(() => combineRows([[1n]], [row])).toThrow(RangeError);
      writeElement(new DataView(row.buffer), 32 * at, P - 1n);
      expect(evaluateRows(weights, [row])).not.toEqual([undefined]);
      expect(() => extendRows([row], 3)).not.toThrow();
    }
});
