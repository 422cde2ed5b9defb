// Evaluation of whole rows, which are values at the bit-reversed 4,096th roots of unity, at a point z outside of them (barycentric formula).
import { AT_ONCE } from "./columns";
import { read, readFactor, sub, write } from "./element";
import { DOMAIN, E, IN, OUT, ROW_ELEMENTS, SCRATCH, SUMS, WEIGHTS } from "./layout";
import { accumulate, COLUMNS, mul, reduce } from "./products";
import { reversed } from "./transform";

/** p - 2 in 64 bits a word, the uppermost first. */
const EXPONENT = memory.data<u64>([0x73eda753299d7d48, 0x3339d80809a1d805, 0x53bda402fffe5bfe, 0xfffffffeffffffff]);
const ROW_END: usize = ROW_ELEMENTS * E;

/** Fills DOMAIN with the powers of the root at IN, after 1 there. */
export function prepare(): void {
  const root = SCRATCH, power = SCRATCH + E;
  readFactor(power, IN);
  readFactor(root, IN + 32);
  for (let i: usize = 0; i < ROW_ELEMENTS; i++) {
    memory.copy(DOMAIN + reversed(i, ROW_ELEMENTS) * E, power, E);
    mul(power, power, root);
  }
}

/** o = 1 / a, both in Montgomery form; o is not a. */
function inverse(o: usize, a: usize): void {
  memory.copy(o, a, E);
  for (let bit = 1; bit < 255; bit++) {
    // the uppermost of 255 bits is 1, and o has begun with it
    mul(o, o, o);
    const at = bit + 1;
    if (load<u64>(EXPONENT + (<usize>(at >> 6) << 3)) >> (63 - (at & 63)) & 1) mul(o, o, a);
  }
}

/** WEIGHTS = scale x_e / (z - x_e), by one inversion; z and scale are at IN. */
export function weigh(): void {
  const z = SCRATCH, scale = SCRATCH + E, product = SCRATCH + 2 * E, rest = SCRATCH + 3 * E, d = SCRATCH + 4 * E;
  readFactor(z, IN);
  readFactor(scale, IN + 32);
  sub(product, z, DOMAIN);
  for (let e: usize = E; e < ROW_END; e += E) {
    memory.copy(WEIGHTS + e, product, E); // of all before
    sub(d, z, DOMAIN + e);
    mul(product, product, d);
  }
  inverse(rest, product);
  mul(rest, rest, scale);
  for (let e: usize = ROW_END - E; e > 0; e -= E) {
    sub(d, z, DOMAIN + e);
    mul(WEIGHTS + e, WEIGHTS + e, rest);
    mul(WEIGHTS + e, WEIGHTS + e, DOMAIN + e);
    mul(rest, rest, d);
  }
  mul(WEIGHTS, rest, DOMAIN);
}

/** The row at IN by WEIGHTS: 32 bytes at OUT. False where an element is not canonical. */
export function evaluateRow(): bool {
  let canonical = true;
  memory.fill(SUMS, 0, COLUMNS);
  for (let e: usize = 0; e < ROW_ELEMENTS; e += AT_ONCE) {
    const count = min(ROW_ELEMENTS - e, AT_ONCE);
    for (let i: usize = 0; i < count; i++) canonical = read(SCRATCH + i * E, IN + (e + i) * 32) && canonical;
    accumulate(SUMS, SCRATCH, WEIGHTS + e * E, count);
  }
  reduce(SCRATCH, SUMS);
  write(OUT, SCRATCH);
  return canonical;
}
