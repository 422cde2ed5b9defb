import { copy } from "./copy";
import * as op from "./descriptor";

/** Runs of the innermost axis at once: their input stays in the first-level cache and in its page table while outer axes pass. */
const BLOCK = 32;

export function move(d: usize): void {
  const x = op.x(d) + op.fromOffset(d), y = op.y(d) + op.toOffset(d);
  for (let i3 = 0; i3 < op.size3(d); i3 += BLOCK) {
    const n = min<i32>(BLOCK, op.size3(d) - i3);
    for (let i0 = 0; i0 < op.size0(d); i0++)
      for (let i1 = 0; i1 < op.size1(d); i1++) {
        let from = x + i0 * op.from0(d) + i1 * op.from1(d) + i3 * op.from3(d);
        let to = y + i0 * op.to0(d) + i1 * op.to1(d) + i3 * op.to3(d);
        for (let i2 = op.size2(d); i2 > 0; i2--) {
          if (op.run(d) == 1) bytes(to, from, n, op.to3(d), op.from3(d));
          else runs(to, from, n, op.to3(d), op.from3(d), op.run(d));
          from += op.from2(d);
          to += op.to2(d);
        }
      }
  }
}

@inline
function bytes(to: usize, from: usize, n: i32, toStep: i32, fromStep: i32): void {
  for (; n > 0; n--) {
    store<u8>(to, load<u8>(from));
    from += fromStep;
    to += toStep;
  }
}

@inline
function runs(to: usize, from: usize, n: i32, toStep: i32, fromStep: i32, run: i32): void {
  for (; n > 0; n--) {
    copy(to, from, run);
    from += fromStep;
    to += toStep;
  }
}
