/**
 * Writes the AssemblyScript of BLS12-381's field multiplications, unrolled: columns of 13 x 13 digits of 30 bits in an i64, and
 * Montgomery's reduction a column at a time between them. Factors' digits are within 2^29 + 2, the uppermost within 2^25 (16 p), so a
 * column of two products is below 24.3 x 2^58; the reduction adds 6.3 x 2^58 (the sum of |p's digits| is 6.21 x 2^29): less than 2^63.
 * Sums on the way may wrap. Beside imul's rate it is the number of instructions that counts: Karatsuba's method saves 6% in F_p^2.
 */
import { DIGITS, P, signedDigits } from "./numbers.ts";

const LAST = 4 * (DIGITS - 1);
const SECOND = 64;
const LOW = 7;
const HIGH = DIGITS - LOW;
const HALF = 2 ** 29;
const MODULUS = signedDigits(P);
const range = Array.from({ length: DIGITS }, (_, i) => i);

/** -1 / p mod 2^30, signed. */
function factor(): number {
  let inverse = 1n;
  for (let i = 0; i < 6; i++) inverse = BigInt.asIntN(30, inverse * (2n - P * inverse));
  return Number(BigInt.asIntN(30, -inverse));
}

/** sum a_i b_j, i + j = k, of n digits. */
function column(k: number, n: number, term: (i: number, j: number) => string): string {
  const terms = range.filter((i) => i < n && k - i >= 0 && k - i < n).map((i) => term(i, k - i));
  return terms.join(" + ");
}

/** The columns v of a b, one after the other, by Karatsuba's method: LOW digits, HIGH digits, and their sums. */
function product(k: number, v: string, a: string, b: string): string[] {
  const middle = k - LOW;
  const [low, high] = [2 * LOW - 1, 2 * HIGH - 1];
  const lines = [];
  const parts = [];
  if (k < low) {
    lines.push(`const ${v}low${k} = ${column(k, LOW, (i, j) => `${a}${i} * ${b}${j}`)};`);
    parts.push(`${v}low${k}`);
  }
  if (middle >= 0 && middle < low) {
    const sum = (x: string, i: number) => (i < HIGH ? `${x}sum${i}` : `${x}${i}`);
    if (middle < high) lines.push(`const ${v}high${middle} = ${column(middle, HIGH, (i, j) => `${a}${i + LOW} * ${b}${j + LOW}`)};`);
    parts.push(`${column(middle, LOW, (i, j) => `${sum(a, i)} * ${sum(b, j)}`)} - ${v}low${middle}`);
    if (middle < high) parts.push(`- ${v}high${middle}`);
  }
  if (k >= 2 * LOW) parts.push(`${v}high${k - 2 * LOW}`);
  return [...lines, `const ${v}${k} = ${parts.join(" + ").replace("+ - ", "- ")};`];
}

const sums = (...names: string[]) =>
  names.flatMap((name) => range.slice(0, HIGH).map((i) => `const ${name}sum${i} = ${name}${i} + ${name}${i + LOW};`));

/** sum a_i a_j, i + j = k: each product once, twice what is not a square. */
function square(k: number): string {
  const once = range.filter((i) => k - i > i && k - i < DIGITS).map((i) => `a${i} * a${k - i}`);
  const middle = k % 2 === 0 ? `a${k / 2} * a${k / 2}` : "0";
  return once.length > 0 ? `((${once.join(" + ")}) << 1) + ${middle}` : middle;
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
      ...[...digits("a", "a"), ...digits("b", "b"), ...sums("a", "b"), start],
      ...columns((k) => [...product(k, "v", "a", "b"), ...reduce(k, `v${k}`, "q", "c", 0)]),
      end,
    ]),
    define("fpSqr", "a: usize", [...[...digits("a", "a"), start], ...columns((k) => reduce(k, square(k), "q", "c", 0)), end]),
    define("fp2Mul", "a: usize, b: usize", [
      ...[...two, ...digits("b", "b"), ...digits("f", "b", SECOND)],
      ...[...each((i) => `const s${i} = a${i} + e${i}, r${i} = b${i} + f${i};`), ...sums("a", "b", "e", "f", "s", "r"), start2],
      ...columns((k) => [
        ...[...product(k, "v", "a", "b"), ...product(k, "w", "e", "f"), ...product(k, "z", "s", "r")],
        ...reduce(k, `v${k} - w${k}`, "q", "c", 0),
        ...reduce(k, `z${k} - v${k} - w${k}`, "p", "g", SECOND),
      ]),
      ...end2,
    ]),
    // (a0 + a1) (a0 - a1), 2 a0 a1
    define("fp2Sqr", "a: usize", [
      ...[...two, ...each((i) => `const s${i} = a${i} + e${i}, r${i} = a${i} - e${i}, d${i} = 2 * a${i};`)],
      ...[...sums("s", "r", "d", "e"), start2],
      ...columns((k) => [
        ...[...product(k, "v", "s", "r"), ...product(k, "w", "d", "e")],
        ...[...reduce(k, `v${k}`, "q", "c", 0), ...reduce(k, `w${k}`, "p", "g", SECOND)],
      ]),
      ...end2,
    ]),
  ].join("\n");
}
