import * as op from "./descriptor";
import { move } from "./move";

export function pad(d: usize): void {
  memory.fill(op.y(d), <u8>op.zeroY(d), op.count(d));
  move(d);
}
