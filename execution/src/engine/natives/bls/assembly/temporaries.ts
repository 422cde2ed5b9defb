// A stack of temporaries: what a function takes it gives back, so that memory is the same after each call.
import { TEMPORARIES } from "./layout";

let top: usize = TEMPORARIES;

@inline export function take(bytes: usize): usize {
  const at = top;
  top += bytes;
  return at;
}

@inline export function give(at: usize): void {
  top = at;
}
