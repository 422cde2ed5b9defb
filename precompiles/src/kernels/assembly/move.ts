import { copy } from "./copy";
import * as op from "./descriptor";

export function move(d: usize): void {
  const size2 = op.size2(d), size3 = op.size3(d);
  const from3 = op.from3(d), to3 = op.to3(d);
  const x = op.x(d) + op.fromOffset(d), y = op.y(d) + op.toOffset(d);
  for (let i0 = 0; i0 < op.size0(d); i0++)
    for (let i1 = 0; i1 < op.size1(d); i1++) {
      let from = x + i0 * op.from0(d) + i1 * op.from1(d);
      let to = y + i0 * op.to0(d) + i1 * op.to1(d);
      for (let i2 = 0; i2 < size2; i2++) {
        if (from3 == 1 && to3 == 1) copy(to, from, size3);
        else for (let i3 = 0; i3 < size3; i3++) store<u8>(to + i3 * to3, load<u8>(from + i3 * from3));
        from += op.from2(d);
        to += op.to2(d);
      }
    }
}
