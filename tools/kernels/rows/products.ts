/**
 * Writes the AssemblyScript of the row code's products in the scalar field of BLS12-381, unrolled: columns of 9 x 9 signed digits of 29 bits in
 * an i64, and Montgomery's reduction (R = 2^261) a column at a time. p's lowest digit is 1, so what a column is reduced by needs no product.
 * Bounds: one factor's digits are within 2^31, the other's within 2^28, so a column of `mul` is below 9 x 2^59; in `accumulate` both are within
 * 2^28, and 12 products are below 12 x 9 x 2^56; the reduction adds 9 x 2^56, and all are below 2^63.
 */
import { P } from "../../../da-layer/src/blob/field/scalars.ts";

const DIGITS = 9;
const BITS = 29;
/** Of an element. */
const BYTES = 48;
const HALF = 2 ** (BITS - 1);
const COLUMNS = 2 * DIGITS - 1;
const range = (length: number) => Array.from({ length }, (_, i) => i);
const MODULUS = digitsOf(P);

/** From -2^28 to 2^28 - 1, but the last. */
function digitsOf(x: bigint): number[] {
  let rest = x;
  return range(DIGITS).map((i) => {
    const low = i === DIGITS - 1 ? rest : BigInt.asIntN(BITS, rest);
    rest = (rest - low) >> BigInt(BITS);
    return Number(low);
  });
}

/** sum a_i b_j, i + j = k. */
function column(k: number): string {
  return range(DIGITS)
    .filter((i) => k - i >= 0 && k - i < DIGITS)
    .map((i) => `a${i} * b${k - i}`)
    .join(" + ");
}

/** Adds what makes a low column a multiple of 2^29, or stores the digit of a high one. */
function reduce(k: number, sum: string): string[] {
  const taken = range(DIGITS).filter((j) => j < k && k - j < DIGITS);
  const lines = [`t = ${sum}${taken.map((j) => ` + q${j} * (${MODULUS[k - j]})`).join("")} + c;`, `c = (t + ${HALF}) >> ${BITS};`];
  if (k < DIGITS) return [...lines, `const q${k} = (c << ${BITS}) - t;`];
  return [...lines, `store<i32>(o, <i32>(t - (c << ${BITS})), ${4 * (k - DIGITS)});`];
}

const digits = (name: string) => range(DIGITS).map((i) => `const ${name}${i}: i64 = load<i32>(${name}, ${4 * i});`);
const columns = (lines: (k: number) => string[]) => range(COLUMNS).flatMap(lines);
const START = "let c: i64 = 0, t: i64;";
const END = `store<i32>(o, <i32>c, ${4 * (DIGITS - 1)});`;

function define(signature: string, body: string[]): string {
  return [`export function ${signature}: void {`, ...body.map((line) => `  ${line}`), "}"].join("\n");
}

/** Without factors in common: what is carried out of the columns goes up, and the uppermost keeps what comes. */
const settle = range(COLUMNS - 1).flatMap((k) => [`t = (v${k} + ${HALF}) >> ${BITS};`, `v${k} -= t << ${BITS};`, `v${k + 1} += t;`]);

export function productsSource(): string {
  return [
    "export const COLUMNS: usize = 136;",
    // o = a b / R
    define("mul(o: usize, a: usize, b: usize)", [...digits("a"), ...digits("b"), START, ...columns((k) => reduce(k, column(k))), END]),
    // sums += a_i b_i; at most 12 of them, side by side
    define("accumulate(sums: usize, a: usize, b: usize, count: usize)", [
      ...columns((k) => [`let v${k} = load<i64>(sums, ${8 * k});`]),
      "for (; count > 0; count--) {",
      ...[...digits("a"), ...digits("b"), ...columns((k) => [`v${k} += ${column(k)};`]), `a += ${BYTES};`, `b += ${BYTES};`].map(
        (x) => `  ${x}`,
      ),
      "}",
      "let t: i64;",
      ...settle,
      ...columns((k) => [`store<i64>(sums, v${k}, ${8 * k});`]),
    ]),
    // o = sums / R
    define("reduce(o: usize, sums: usize)", [START, ...columns((k) => reduce(k, `load<i64>(sums, ${8 * k})`)), END]),
  ].join("\n");
}
