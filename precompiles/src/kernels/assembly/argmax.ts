import * as op from "./descriptor";
import { largestOf } from "./softmax";

export function argmax(d: usize): void {
  const k = op.channels(d);
  let x = op.x(d);
  for (let row = 0; row < op.count(d); row++) {
    const largest = largestOf(x, k);
    const all = i8x16.splat(<i8>largest);
    let at = 0;
    let found = 0;
    // There is one within the row; a match beyond it comes later.
    while ((found = i8x16.bitmask(i8x16.eq(v128.load(x + at), all))) == 0) at += 16;
    store<i32>(op.y(d) + (row << 2), at + ctz(found));
    x += k;
  }
}
