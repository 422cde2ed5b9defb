/**
 * What every kernel begins with. An activation lies in `arena` as rows of words: a row is a tensor's last dimension, four int8
 * values a word, the lowest byte first, its last word filled up with bytes that mean nothing. An int32 activation takes a word
 * each. Addresses are words of one input of a batch; all inputs of a batch lie one after another, so an address times their number
 * is where a tensor begins.
 */
import { STEP_FIELDS } from "../step.ts";

export const PRELUDE = `
requires packed_4x8_integer_dot_product;

struct Step { ${STEP_FIELDS.map((name) => `${name}: i32`).join(", ")} }
struct Batch { inputs: i32, a: i32, b: i32, c: i32 }

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> batch: Batch;
@group(0) @binding(2) var<storage, read_write> arena: array<u32>;
@group(0) @binding(3) var<storage, read> constants: array<u32>;

fn x_at(word: i32) -> u32 { return arena[step.x * batch.inputs + word]; }
fn other_at(word: i32) -> u32 { return arena[step.other * batch.inputs + word]; }
fn y_put(word: i32, value: u32) { arena[step.y * batch.inputs + word] = value; }
fn int8_of(word: u32, byte: i32) -> i32 { return extractBits(bitcast<i32>(word), u32(byte) * 8u, 8u); }

/** inference.md section 3: t = floor(acc * M / 2^16), then round half up by 2^r. */
fn scaled(acc: vec4<i32>, m: vec4<i32>) -> vec4<i32> {
  let low = ((bitcast<vec4<u32>>(acc) & vec4<u32>(0xffffu)) * bitcast<vec4<u32>>(m)) >> vec4<u32>(16u);
  return rounded((acc >> vec4<u32>(16u)) * m + bitcast<vec4<i32>>(low));
}
fn rounded(t: vec4<i32>) -> vec4<i32> {
  let r = u32(step.shift);
  return (t + vec4<i32>(1i << (r - 1u))) >> vec4<u32>(r);
}
fn clamped(v: vec4<i32>) -> u32 {
  return pack4xI8(clamp(v + vec4<i32>(step.zeroY), vec4<i32>(step.lo), vec4<i32>(step.hi)));
}
fn constants4(at: i32) -> vec4<i32> {
  return vec4<i32>(bitcast<i32>(constants[at]), bitcast<i32>(constants[at + 1]), bitcast<i32>(constants[at + 2]), bitcast<i32>(constants[at + 3]));
}
`;

/** A kernel that makes each word of the output alone. `body` has `word`, its index among those of the whole batch. */
export const eachWord = (body: string, helpers = "") => `${PRELUDE}${helpers}
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let word = i32((group.y * groups.x + group.x) * 64u + local);
  if (word >= step.rowsY * step.wordsY * batch.inputs) { return; }
${body}
}`;
