// Elements and points in the encodings of EIP-2537: coordinates of 64 bytes, big-endian, all zero for infinity.
import { DIGITS_OF_P, B_OF_ONE, B_OF_TWO, SQUARE_OF_R } from "./constants";
import { infinite, normalize, onCurve, setAffine, setInfinity } from "./curve";
import { E, two, use } from "./element";
import { FP, fpPlain } from "./fp";
import { BYTES, ONES, TOTAL, TWOS } from "./layout";
import { fpMul } from "./products";
import { give, take } from "./temporaries";

const WIDTH: usize = 64;
const PAD: usize = 16;
const LENGTH: usize = 48;
const FINITE: i32 = 0, INFINITY: i32 = 1, NOT_IN_FIELD: i32 = 2, ZERO_Y: i32 = 3, NOT_ON_CURVE: i32 = 4;

/** False unless the number is below p. The zeros before it are not looked at. */
export function readElement(o: usize, bytes: usize): bool {
  const t = take(2 * FP);
  memory.fill(t, 0, 2 * FP);
  for (let i: usize = 0; i < LENGTH; i++) store<u8>(t + i, load<u8>(bytes + WIDTH - 1 - i));
  let carry: i32 = 0;
  let below: i64 = 0; // the sign of the number less p: as the uppermost digits that differ have it
  for (let i: usize = 0; i < 13; i++) {
    const digit = <i32>((load<u64>(t + ((i * 30) >> 3)) >> ((i * 30) & 7)) & 0x3fffffff);
    const difference = digit - load<i32>(DIGITS_OF_P + 4 * i);
    if (difference) below = difference;
    const sum = digit + carry;
    carry = i == 12 ? 0 : (sum + (1 << 29)) >> 30;
    store<i32>(t + FP + 4 * i, sum - (carry << 30));
  }
  fpMul(o, t + FP, SQUARE_OF_R);
  give(t);
  return below < 0;
}

function writeElement(bytes: usize, a: usize): void {
  const t = take(2 * FP), digits = t + FP;
  fpPlain(digits, a);
  memory.fill(t, 0, FP);
  for (let i: usize = 0; i < 13; i++) {
    const at = t + ((i * 30) >> 3);
    store<u64>(at, load<u64>(at) | (<u64>load<u32>(digits + 4 * i) << ((i * 30) & 7)));
  }
  memory.fill(bytes, 0, PAD);
  for (let i: usize = 0; i < LENGTH; i++) store<u8>(bytes + WIDTH - 1 - i, load<u8>(t + i));
  give(t);
}

function allZero(at: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i += 8) if (load<u64>(at + i)) return false;
  return true;
}

/** The point at BYTES to what is kept of pair `slot`, affine; says whether it is one. Its subgroup is not asked. */
export function read(second: bool, slot: usize): i32 {
  use(second);
  const bytes = BYTES;
  const o = second ? TWOS + (slot << 8) : ONES + (slot << 7);
  if (allZero(bytes, 2 * E)) return INFINITY;
  for (let at: usize = 0; at < 2 * E; at += WIDTH) if (!readElement(o + at, bytes + at)) return NOT_IN_FIELD;
  if (allZero(bytes + E, E)) return ZERO_Y;
  return onCurve(o, second ? B_OF_TWO : B_OF_ONE) ? FINITE : NOT_ON_CURVE;
}

/** The point at TOTAL, to BYTES. */
export function write(second: bool): void {
  use(second);
  if (infinite(TOTAL)) return memory.fill(BYTES, 0, 2 * E);
  const t = take(3 * E);
  normalize(t, TOTAL);
  for (let at: usize = 0; at < 2 * E; at += WIDTH) writeElement(BYTES + at, t + at);
  give(t);
}
