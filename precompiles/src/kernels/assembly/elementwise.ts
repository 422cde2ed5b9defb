// ADD, LUT8, RESHAPE, ARGMAX.
import * as op from "./descriptor";

export function add(d: usize): void {
  const a = op.x(d), b = op.other(d), y = op.y(d);
  const zeroA = op.zeroX(d), zeroB = op.zeroOther(d), zeroY = op.zeroY(d);
  const multiplierA = op.multiplierA(d), multiplierB = op.multiplierB(d);
  const shift = op.shift(d), round = 1 << (shift - 1);
  const lo = op.lo(d), hi = op.hi(d);
  for (let i = 0; i < op.count(d); i++) {
    const acc = (<i32>load<i8>(a + i) - zeroA) * multiplierA + (<i32>load<i8>(b + i) - zeroB) * multiplierB;
    store<i8>(y + i, <i8>min<i32>(max<i32>(zeroY + ((acc + round) >> shift), lo), hi));
  }
}

export function lut8(d: usize): void {
  const x = op.x(d), y = op.y(d), table = op.weights(d);
  for (let i = 0; i < op.count(d); i++) store<u8>(y + i, load<u8>(table + <i32>load<i8>(x + i) + 128));
}

export function reshape(d: usize): void {
  memory.copy(op.y(d), op.x(d), op.count(d));
}

export function argmax(d: usize): void {
  const k = op.channels(d);
  let x = op.x(d);
  for (let row = 0; row < op.count(d); row++) {
    let best = 0;
    for (let i = 1; i < k; i++) if (load<i8>(x + i) > load<i8>(x + best)) best = i;
    store<i32>(op.y(d) + (row << 2), best);
    x += k;
  }
}
