/**
 * Writes the AssemblyScript of BLS12-381's field multiplications, unrolled: columns of 13 x 13 digits of 30 bits in an i64, and
 * Montgomery's reduction a column at a time between them. Factors' digits are within 2^29 + 1, the uppermost within 2^25 (16 p), so a
 * column of two products is below 24.3 x 2^58; the reduction adds 6.3 x 2^58 (the sum of |p's digits| is 6.21 x 2^29): less than 2^63.
 */
import { DIGITS, P, signedDigits } from "./numbers.ts";

const LAST = 4 * (DIGITS - 1);
const SECOND = 64;
const HALF = 2 ** 29;
const MODULUS = signedDigits(P);
const range = Array.from({ length: DIGITS }, (_, i) => i);

/** -1 / p mod 2^30, signed. */
function factor(): number {
  let inverse = 1n;
  for (let i = 0; i < 6; i++) inverse = BigInt.asIntN(30, inverse * (2n - P * inverse));
  return Number(BigInt.asIntN(30, -inverse));
}

/** sum a_i b_j, i + j = column. */
function column(k: number, a: string, b: string): string {
  const terms = range.filter((i) => k - i >= 0 && k - i < DIGITS).map((i) => `${a}${i} * ${b}${k - i}`);
  return terms.join(" + ");
}

/** sum a_i a_j, with d = 2 a. */
function square(k: number): string {
  const terms = range.filter((i) => k - i >= i && k - i < DIGITS).map((i) => (2 * i === k ? `a${i} * a${i}` : `a${i} * d${k - i}`));
  return terms.join(" + ");
}

/** Adds what makes the column a multiple of 2^30, or stores the digit of one that already is the result's. */
function reduce(k: number, sum: string, q: string, carry: string, at: number): string[] {
  const taken = range.filter((j) => j < k && k - j < DIGITS).map((j) => ` + ${q}${j} * (${MODULUS[k - j]})`);
  const lines = [`t = ${sum}${taken.join("")} + ${carry};`]; // what is known last comes last
  if (k < DIGITS) lines.push(`const ${q}${k} = ((t * (${factor()})) << 34) >> 34;`, `${carry} = (t + ${q}${k} * (${MODULUS[0]})) >> 30;`);
  else lines.push(`${carry} = (t + ${HALF}) >> 30;`, `store<i32>(o, <i32>(t - (${carry} << 30)), ${at + 4 * (k - DIGITS)});`);
  return lines;
}

const digits = (name: string, from: string, at = 0) => range.map((i) => `const ${name}${i}: i64 = load<i32>(${from}, ${at + 4 * i});`);
const each = (line: (i: number) => string) => range.map(line);
const columns = (lines: (k: number) => string[]) => Array.from({ length: 2 * DIGITS - 1 }, (_, k) => lines(k)).flat();

function define(name: string, parameters: string, body: string[]): string {
  return [`export function ${name}(o: usize, ${parameters}): void {`, ...body.map((line) => `  ${line}`), "}"].join("\n");
}

export function productsSource(): string {
  const end = `store<i32>(o, <i32>c, ${LAST});`;
  const end2 = [end, `store<i32>(o, <i32>g, ${SECOND + LAST});`];
  const start = "let c: i64 = 0, t: i64;";
  const start2 = "let c: i64 = 0, g: i64 = 0, t: i64;";
  const two = [...digits("a", "a"), ...digits("e", "a", SECOND)];
  return [
    define("fpMul", "a: usize, b: usize", [
      ...[...digits("a", "a"), ...digits("b", "b"), start],
      ...columns((k) => reduce(k, column(k, "a", "b"), "q", "c", 0)),
      end,
    ]),
    define("fpSqr", "a: usize", [
      ...[...digits("a", "a"), ...each((i) => `const d${i} = 2 * a${i};`), start],
      ...columns((k) => reduce(k, square(k), "q", "c", 0)),
      end,
    ]),
    // Karatsuba: sums of 64 bits may wrap, as only c's and g's columns count
    define("fp2Mul", "a: usize, b: usize", [
      ...[...two, ...digits("b", "b"), ...digits("f", "b", SECOND)],
      ...[...each((i) => `const s${i} = a${i} + e${i}, r${i} = b${i} + f${i};`), start2, "let v: i64, w: i64;"],
      ...columns((k) => [
        `v = ${column(k, "a", "b")};`,
        `w = ${column(k, "e", "f")};`,
        ...reduce(k, "v - w", "q", "c", 0),
        ...reduce(k, `${column(k, "s", "r")} - v - w`, "p", "g", SECOND),
      ]),
      ...end2,
    ]),
    // (a0 + a1) (a0 - a1), 2 a0 a1
    define("fp2Sqr", "a: usize", [
      ...[...two, ...each((i) => `const s${i} = a${i} + e${i}, r${i} = a${i} - e${i}, d${i} = 2 * a${i};`), start2],
      ...columns((k) => [...reduce(k, column(k, "s", "r"), "q", "c", 0), ...reduce(k, column(k, "d", "e"), "p", "g", SECOND)]),
      ...end2,
    ]),
  ].join("\n");
}
