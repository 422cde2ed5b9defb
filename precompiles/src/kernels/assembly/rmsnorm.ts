import * as op from "./descriptor";
import { isqrt } from "./isqrt";
import { scaled } from "./requantise";

export function rmsnorm(d: usize): void {
  const k = op.channels(d), zero = op.zeroX(d);
  let x = op.x(d), y = op.y(d);
  for (let row = op.count(d); row > 0; row--) {
    let squares: u32 = 0;
    for (let j = 0; j < k; j++) {
      const difference = <i32>load<i8>(x + j) - zero;
      squares += difference * difference;
    }
    const reciprocal = <u32>op.multiplierA(d) / max<u32>(1, isqrt(squares << op.exponent(d)));
    for (let j = 0; j < k; j++) store<i8>(y + j, <i8>scaled(d, (<i32>load<i8>(x + j) - zero) * reciprocal));
    x += k;
    y += k;
  }
}
