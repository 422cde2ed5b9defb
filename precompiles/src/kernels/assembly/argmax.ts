import * as op from "./descriptor";

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
