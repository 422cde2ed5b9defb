/** Writes the AssemblyScript of BLS12-381's constants: field elements in the form that the kernels have them in (assembly/fp.ts). */
import { ONE, TWO } from "./isogenies.ts";
import { type Fp2, inverse, inverse2, modulo, multiply2, P, power, power2, R, root, signedDigits, unsignedDigits } from "./numbers.ts";

/** In each case 64 bytes. */
const padded = (digits: number[]) => [...digits, 0, 0, 0];
const montgomery = (x: bigint) => padded(signedDigits(balanced(modulo(x * R))));
const pair = (x: Fp2) => x.flatMap(montgomery);
const balanced = (x: bigint) => (2n * x > P ? x - P : x);

const XI: Fp2 = [1n, 1n];
const Z_TWO: Fp2 = [-2n, -1n];
const A_ONE = 0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1dn;
const B_ONE = 0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0n;
const A_TWO: Fp2 = [0n, 240n];
const B_TWO: Fp2 = [1012n, 1012n];
const WINDOW = 5;

/** (p - 3) / 4 in windows: how often to square, and then half of the odd power to multiply by, or 255. */
function chain(): number[] {
  const bits = ((P - 3n) / 4n).toString(2);
  const steps: number[] = [];
  let squarings = 0;
  for (let at = 0; at < bits.length; ) {
    if (bits[at] === "0") {
      squarings++;
      at++;
      continue;
    }
    let end = Math.min(at + WINDOW, bits.length);
    while (bits[end - 1] === "0") end--;
    steps.push(at === 0 ? 0 : squarings + end - at, Number.parseInt(bits.slice(at, end), 2) >> 1);
    squarings = 0;
    at = end;
  }
  if (squarings > 0) steps.push(squarings, 255);
  return steps;
}

export function constantsSource(): string {
  const steps = chain();
  const data: Record<string, number[]> = {
    ZERO: padded(signedDigits(0n)),
    ONE: montgomery(1n),
    PLAIN_ONE: padded(signedDigits(1n)),
    SQUARE_OF_R: montgomery(R),
    HALF: montgomery(inverse(2n)),
    DIGITS_OF_P: padded(unsignedDigits(P)),
    /** From -32 p to 32 p. */
    MULTIPLES: Array.from({ length: 65 }, (_, i) => padded(signedDigits(BigInt(i - 32) * P))).flat(),
    B_OF_ONE: montgomery(4n),
    B_OF_TWO: pair([4n, 4n]),
    /** A cube root of one. */
    BETA: montgomery(power(2n, (P - 1n) / 3n)),
    PSI_X: pair(inverse2(power2(XI, (P - 1n) / 3n))),
    PSI_Y: pair(inverse2(power2(XI, (P - 1n) / 2n))),
    FROBENIUS: Array.from({ length: 6 }, (_, i) => pair(power2(XI, (BigInt(i) * (P - 1n)) / 6n))).flat(),
    /** The maps' curves and z, RFC 9380, 8.8. */
    ONE_A: montgomery(A_ONE),
    ONE_B: montgomery(B_ONE),
    ONE_Z: montgomery(11n),
    ONE_MINUS_B_OVER_A: montgomery(-B_ONE * inverse(A_ONE)),
    ONE_EXCEPTION: montgomery(B_ONE * inverse(11n * A_ONE)),
    ROOT_OF_MINUS_Z3: montgomery(root(-(11n ** 3n))),
    TWO_A: pair(A_TWO),
    TWO_B: pair(B_TWO),
    TWO_Z: pair(Z_TWO),
    TWO_MINUS_B_OVER_A: pair(multiply2([-1n, 0n], multiply2(B_TWO, inverse2(A_TWO)))),
    TWO_EXCEPTION: pair(multiply2(B_TWO, inverse2(multiply2(Z_TWO, A_TWO)))),
    /** z's norm is 5. */
    ROOT_OF_MINUS_NORM_Z3: montgomery(root(-(5n ** 3n))),
  };
  const elements = (coefficients: readonly string[]) => coefficients.map((hex) => montgomery(BigInt(`0x${hex}`)));
  for (const [name, coefficients] of Object.entries(ONE)) data[name] = elements(coefficients).reverse().flat();
  for (const [name, coefficients] of Object.entries(TWO)) {
    const halves = elements(coefficients);
    data[name] = halves
      .flatMap((_, i) => (i % 2 === 0 ? [[...(halves[i] as number[]), ...(halves[i + 1] as number[])]] : []))
      .reverse()
      .flat();
  }
  return [
    ...Object.entries(data).map(([name, words]) => `export const ${name}: usize = memory.data<i32>([${words.join(", ")}], 16);`),
    `export const CHAIN: usize = memory.data<u8>([${steps.join(", ")}]);`,
    `export const CHAIN_STEPS: usize = ${steps.length / 2};`,
    `export const INVERSE_30: i32 = ${BigInt.asUintN(30, inversePower())};`,
  ].join("\n");
}

/** 1 / p mod 2^30. */
function inversePower(): bigint {
  let inverse = 1n;
  for (let i = 0; i < 6; i++) inverse = BigInt.asUintN(30, inverse * (2n - P * inverse));
  return inverse;
}
