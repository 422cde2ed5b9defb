import * as op from "./descriptor";
import { isqrt } from "./isqrt";
import { scaled, timesShifted } from "./requantise";

export function layernorm(d: usize): void {
  const k = op.channels(d);
  let x = op.x(d), y = op.y(d);
  for (let row = op.count(d); row > 0; row--) {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += load<i8>(x + j);
    const mean = floorDivide((sum << 7) + (k >> 1), k);
    // At most 32,768 * 2^30: 45 bits.
    let squares: u64 = 0;
    for (let j = 0; j < k; j++) {
      const c = (<i32>load<i8>(x + j) << 7) - mean;
      squares += <u64>(c * c);
    }
    const reciprocal = (1 << 24) / <i32>isqrt((<u32>(squares / k) << 4) + 15);
    for (let j = 0; j < k; j++) {
      const t = ((<i32>load<i8>(x + j) << 7) - mean) * reciprocal;
      const gain = load<i32>(op.multipliers(d) + (j << 2)), bias = load<i32>(op.bias(d) + (j << 2));
      store<i8>(y + j, <i8>scaled(d, timesShifted(t, gain) + bias));
    }
    x += k;
    y += k;
  }
}

@inline
function floorDivide(a: i32, b: i32): i32 {
  const quotient = a / b;
  return a < quotient * b ? quotient - 1 : quotient;
}
