import * as op from "./descriptor";

export function lut8(d: usize): void {
  const middle = op.weights(d) + 128;
  let x = op.x(d), y = op.y(d);
  const end = x + op.count(d), last = end - 7;
  for (; x < last; x += 8) {
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x)));
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x, 1)), 1);
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x, 2)), 2);
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x, 3)), 3);
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x, 4)), 4);
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x, 5)), 5);
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x, 6)), 6);
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x, 7)), 7);
    y += 8;
  }
  for (; x < end; x++) {
    store<u8>(y, load<u8>(middle + <i32>load<i8>(x)));
    y++;
  }
}
