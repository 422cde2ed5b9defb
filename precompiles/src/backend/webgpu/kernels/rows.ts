/** Kernels that look at whole rows. Sums of integers are the same in any order, so a workgroup shares a row. */
import { PRELUDE } from "./prelude.ts";

const GROUP = 64;

/** An invocation for each row: `row`, counted over the whole batch. */
const eachRow = (body: string) => `${PRELUDE}
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let row = i32((group.y * groups.x + group.x) * 64u + local);
  if (row >= step.rowsY * batch.inputs) { return; }
${body}
}
fn element(row: i32, i: i32) -> i32 { return int8_of(x_at(row * step.wordsX + i / 4), i % 4); }`;

export const argmax = eachRow(`
  var best = 0;
  var largest = -129;
  for (var i = 0; i < step.channels; i++) {
    let value = element(row, i);
    if (value > largest) { largest = value; best = i; }
  }
  y_put(row, bitcast<u32>(best));`);

/** Counted: where the elements of each value begin in the order, then each to its place. */
export const topk = eachRow(`
  var places: array<i32, 256>;
  for (var i = 0; i < step.channels; i++) { places[127 - element(row, i)]++; }
  var next = 0;
  for (var i = 0; i < 256; i++) {
    let count = places[i];
    places[i] = next;
    next += count;
  }
  for (var i = 0; i < step.channels; i++) {
    let value = 127 - element(row, i);
    if (places[value] < step.outChannels) { y_put(row * step.outChannels + places[value], bitcast<u32>(i)); }
    places[value]++;
  }`);

/** A workgroup for each row, its words shared out; `lane` of an element that is in the row is below `inside`. */
const groupRow = (body: string, helpers = "") => `${PRELUDE}
var<workgroup> parts: array<u32, ${GROUP}>;

fn total(local: u32, part: u32) -> u32 {
  parts[local] = part;
  workgroupBarrier();
  var sum = 0u;
  for (var i = 0u; i < ${GROUP}u; i++) { sum += parts[i]; }
  workgroupBarrier();
  return sum;
}
fn lanes(word: i32, length: i32) -> vec4<bool> { return vec4<i32>(4 * word) + vec4<i32>(0, 1, 2, 3) < vec4<i32>(length); }
fn summed(v: vec4<u32>) -> u32 { return v.x + v.y + v.z + v.w; }
fn isqrt(a: u32) -> u32 {
  var root = 0u;
  for (var bit = 1u << 15u; bit > 0u; bit >>= 1u) {
    let next = root + bit;
    if (next * next <= a) { root = next; }
  }
  return root;
}
${helpers}
@compute @workgroup_size(${GROUP}) fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let row = i32(group.y * groups.x + group.x);
  if (row >= step.rowsY * batch.inputs) { return; }
  let first = row * step.wordsX;
${body}
}`;

/** `for` over the words of an invocation. */
const words = (body: string) => `for (var word = i32(local); word < step.wordsX; word += ${GROUP}) { ${body} }`;

export const softmax = groupRow(
  `
  let length = select(step.channels, min(step.channels, row % max(1, step.period) + 1 + step.reach), step.period > 0);
  var mine = -128;
  ${words(`
    let x = select(vec4<i32>(-128), unpack4xI8(x_at(first + word)), lanes(word, length));
    mine = max(mine, max(max(x.x, x.y), max(x.z, x.w)));`)}
  let m = largest(local, mine);
  var sum = 0u;
  ${words("sum += summed(powers(unpack4xI8(x_at(first + word)), m, lanes(word, length)));")}
  let s = max(1u, total(local, sum));
  ${words(`
    let e = powers(unpack4xI8(x_at(first + word)), m, lanes(word, length));
    y_put(first + word, pack4xI8(bitcast<vec4<i32>>((127u * e + vec4<u32>(s >> 1u)) / s)) & mask(word, length));`)}`,
  `
fn largest(local: u32, part: i32) -> i32 {
  parts[local] = bitcast<u32>(part);
  workgroupBarrier();
  var most = -128;
  for (var i = 0u; i < ${GROUP}u; i++) { most = max(most, bitcast<i32>(parts[i])); }
  workgroupBarrier();
  return most;
}
fn power(difference: i32) -> u32 { return (constants[step.weights + (difference & 255) / 2] >> (u32(difference & 1) * 16u)) & 0xffffu; }
fn powers(x: vec4<i32>, m: i32, inside: vec4<bool>) -> vec4<u32> {
  return select(vec4<u32>(), vec4<u32>(power(m - x.x), power(m - x.y), power(m - x.z), power(m - x.w)), inside);
}
fn mask(word: i32, length: i32) -> u32 { return pack4xI8(select(vec4<i32>(), vec4<i32>(-1), lanes(word, length))); }`,
);

export const layernorm = groupRow(`
  let k = step.channels;
  var sum = 0;
  ${words("let x = select(vec4<i32>(), unpack4xI8(x_at(first + word)), lanes(word, k)); sum += x.x + x.y + x.z + x.w;")}
  let numerator = 128 * bitcast<i32>(total(local, bitcast<u32>(sum))) + k / 2;
  let quotient = numerator / k;
  let mean = quotient - select(0, 1, numerator - quotient * k < 0);
  var high = 0u;
  var low = 0u;
  ${words(`
    let c = select(vec4<i32>(), 128 * unpack4xI8(x_at(first + word)) - mean, lanes(word, k));
    let square = bitcast<vec4<u32>>(c * c);
    high += summed(square >> vec4<u32>(16u));
    low += summed(square & vec4<u32>(0xffffu));`)}
  let l = total(local, low);
  let h = total(local, high) + (l >> 16u);
  let n = u32(k);
  let v = ((h / n) << 16u) + (((h % n) << 16u) + (l & 0xffffu)) / n;
  let reciprocal = i32((1u << 24u) / max(1u, isqrt(16u * v + 15u)));
  ${words(`
    let t = (128 * unpack4xI8(x_at(first + word)) - mean) * reciprocal;
    let gain = constants4(step.weights + 4 * word);
    let product = (t >> vec4<u32>(16u)) * gain + (((t & vec4<i32>(0xffff)) * gain) >> vec4<u32>(16u));
    y_put(first + word, clamped(rounded(product + constants4(step.bias + 4 * word))));`)}`);

export const rmsnorm = groupRow(`
  let k = step.channels;
  var sum = 0u;
  ${words(`
    let d = select(vec4<i32>(), unpack4xI8(x_at(first + word)) - vec4<i32>(step.zeroX), lanes(word, k));
    sum += summed(bitcast<vec4<u32>>(d * d));`)}
  let root = max(1u, isqrt(total(local, sum) << u32(step.exponent)));
  let reciprocal = bitcast<i32>(bitcast<u32>(step.unit) / root);
  ${words(`
    let d = unpack4xI8(x_at(first + word)) - vec4<i32>(step.zeroX);
    y_put(first + word, clamped(rounded(d * reciprocal)));`)}`);
