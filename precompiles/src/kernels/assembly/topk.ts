import * as op from "./descriptor";

/** By counting: in scratch, for each value from the largest on, the rank of its next index. */
export function topk(d: usize): void {
  const width = op.channels(d), top = op.top(d), ranks = op.scratch(d);
  let x = op.x(d), y = op.y(d);
  for (let row = op.count(d); row > 0; row--) {
    memory.fill(ranks, 0, 257 << 2);
    for (let i = 0; i < width; i++) {
      const after = ranks + ((128 - <i32>load<i8>(x + i)) << 2);
      store<i32>(after, load<i32>(after) + 1);
    }
    for (let value = 1; value < 256; value++)
      store<i32>(ranks + (value << 2), load<i32>(ranks + (value << 2)) + load<i32>(ranks + ((value - 1) << 2)));
    for (let i = 0; i < width; i++) {
      const next = ranks + ((127 - <i32>load<i8>(x + i)) << 2);
      const rank = load<i32>(next);
      store<i32>(next, rank + 1);
      if (rank < top) store<i32>(y + (rank << 2), i);
    }
    x += width;
    y += top << 2;
  }
}
