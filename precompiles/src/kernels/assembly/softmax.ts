import * as op from "./descriptor";

export function softmax(d: usize): void {
  const k = op.channels(d), rows = op.height(d), table = op.weights(d);
  let x = op.x(d), y = op.y(d);
  for (let row = 0; row < op.count(d); row++) {
    const length = min(k, op.first(d) + op.growth(d) * (row % rows));
    let largest = -128;
    for (let j = 0; j < length; j++) largest = max(largest, <i32>load<i8>(x + j));
    let sum: u32 = 0;
    for (let j = 0; j < length; j++) sum += load<u16>(table + ((largest - <i32>load<i8>(x + j)) << 1));
    for (let j = 0; j < length; j++) {
      const e: u32 = load<u16>(table + ((largest - <i32>load<i8>(x + j)) << 1));
      store<u8>(y + j, <u8>((e * 127 + (sum >> 1)) / sum));
    }
    memory.fill(y + length, 0, k - length);
    x += k;
    y += k;
  }
}
