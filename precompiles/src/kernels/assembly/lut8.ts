import * as op from "./descriptor";

export function lut8(d: usize): void {
  const x = op.x(d), y = op.y(d), middle = op.weights(d) + 128, count = op.count(d);
  for (let i = 0; i < count; i++) store<u8>(y + i, load<u8>(middle + <i32>load<i8>(x + i)));
}
