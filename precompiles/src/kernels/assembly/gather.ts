import { copy } from "./copy";
import * as op from "./descriptor";

export function gather(d: usize): void {
  const width = op.channels(d), rows = op.height(d), table = op.weights(d), offset = op.indexOffset(d);
  const wide = op.indexBytes(d) == 4, zero = <u8>op.zeroY(d);
  const x = op.x(d);
  let y = op.y(d);
  for (let i = 0; i < op.count(d); i++) {
    const row = (wide ? load<i32>(x + (i << 2)) : <i32>load<i8>(x + i)) + offset;
    if (<u32>row < <u32>rows) copy(y, table + row * width, width);
    else for (let j = 0; j < width; j++) store<u8>(y + j, zero);
    y += width;
  }
}
