/** Kernels that work on elements in place. */
import { eachWord, PRELUDE } from "./prelude.ts";

export const add = eachWord(`
  let a = (unpack4xI8(x_at(word)) - vec4<i32>(step.zeroX)) * step.multiplierA;
  let b = (unpack4xI8(other_at(word)) - vec4<i32>(step.zeroOther)) * step.multiplierB;
  y_put(word, clamped(rounded(a + b)));`);

export const lut8 = eachWord(
  `
  let x = unpack4xI8(x_at(word));
  y_put(word, pack4xI8(vec4<i32>(entry(x.x), entry(x.y), entry(x.z), entry(x.w))));`,
  "fn entry(x: i32) -> i32 { let at = x + 128; return int8_of(constants[step.weights + at / 4], at % 4); }",
);

/** The same elements in rows of another length. */
export const reshape = eachWord(
  `
  if (step.channels % 4 == 0 && step.outChannels % 4 == 0) { y_put(word, x_at(word)); return; }
  let first = (word / step.wordsY) * step.outChannels + 4 * (word % step.wordsY);
  y_put(word, pack4xI8(vec4<i32>(element(first), element(first + 1), element(first + 2), element(first + 3))));`,
  `fn element(i: i32) -> i32 {
  let column = i % step.channels;
  return int8_of(x_at((i / step.channels) * step.wordsX + column / 4), column % 4);
}`,
);

/** A row each. */
export const argmax = `${PRELUDE}
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let row = i32((group.y * groups.x + group.x) * 64u + local);
  if (row >= step.rowsY * batch.inputs) { return; }
  var best = 0;
  var largest = -129;
  for (var i = 0; i < step.channels; i++) {
    let value = int8_of(x_at(row * step.wordsX + i / 4), i % 4);
    if (value > largest) { largest = value; best = i; }
  }
  y_put(row, bitcast<u32>(best));
}`;
