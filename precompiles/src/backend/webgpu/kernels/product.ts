/**
 * CONV2D and DENSE as one product: rows are the positions of all inputs of a batch, columns the channels of the output, the inner
 * dimension the words of all taps. A workgroup makes a tile; an invocation in it 4 rows x 4 columns, so one word of each of 4 rows.
 * Outside the image stands the zero point, and the sum of (x - zeroX) * w is the sum of x * w less zeroX times the sum of w, mod 2^32.
 */
import { PRELUDE } from "./prelude.ts";

/** Words of the inner dimension that are in workgroup memory at once. */
const DEPTH = 16;

export interface ProductTile {
  /** Invocations across, of 4 columns each. */
  across: number;
  /** Invocations down, of 4 rows each. */
  down: number;
}

export const product = ({ across, down }: ProductTile) => `${PRELUDE}
const ACROSS = ${across}u; const DOWN = ${down}u; const SIZE = ${across * down}u; const DEPTH = ${DEPTH}u;
var<workgroup> image: array<i32, ${4 * down}>;
var<workgroup> top: array<i32, ${4 * down}>;
var<workgroup> left: array<i32, ${4 * down}>;
var<workgroup> a: array<vec4<u32>, ${DEPTH * down}>;
var<workgroup> b: array<vec4<u32>, ${DEPTH * across}>;

fn patch_word(row: u32, ky: i32, kx: i32, word: i32) -> u32 {
  let iy = top[row] + ky;
  let ix = left[row] + kx;
  if (iy < 0 || iy >= step.height || ix < 0 || ix >= step.width) { return pack4xI8(vec4<i32>(step.zeroX)); }
  return x_at((image[row] + iy * step.width + ix) * step.wordsX + word);
}

@compute @workgroup_size(${across * down}) fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let positions = step.outHeight * step.outWidth;
  let rows = positions * batch.inputs;
  let tile = group.y * groups.x + group.x;
  let tilesAcross = (u32(step.columnWords) + ACROSS - 1u) / ACROSS;
  let firstColumn = (tile % tilesAcross) * ACROSS;
  let firstRow = (tile / tilesAcross) * 4u * DOWN;
  for (var i = local; i < 4u * DOWN; i += SIZE) {
    let row = min(i32(firstRow + i), rows - 1);
    let position = row % positions;
    image[i] = (row / positions) * step.height * step.width;
    top[i] = (position / step.outWidth) * step.strideY - step.padTop;
    left[i] = (position % step.outWidth) * step.strideX - step.padLeft;
  }
  workgroupBarrier();
  let inner = u32(step.kernelY * step.kernelX * step.wordsX);
  let across = local % ACROSS;
  let down = local / ACROSS;
  var sum0 = vec4<i32>(); var sum1 = vec4<i32>(); var sum2 = vec4<i32>(); var sum3 = vec4<i32>();
  for (var first = 0u; first < inner; first += DEPTH) {
    for (var i = local; i < DEPTH * DOWN; i += SIZE) {
      let k = first + i % DEPTH;
      var words = vec4<u32>();
      if (k < inner) {
        let tap = i32(k) / step.wordsX;
        let word = i32(k) % step.wordsX;
        let ky = tap / step.kernelX;
        let kx = tap % step.kernelX;
        let row = (i / DEPTH) * 4u;
        words = vec4<u32>(patch_word(row, ky, kx, word), patch_word(row + 1u, ky, kx, word), patch_word(row + 2u, ky, kx, word), patch_word(row + 3u, ky, kx, word));
      }
      a[(i % DEPTH) * DOWN + i / DEPTH] = words;
    }
    for (var i = local; i < DEPTH * ACROSS; i += SIZE) {
      let k = first + i % DEPTH;
      let column = firstColumn + i / DEPTH;
      var words = vec4<u32>();
      if (k < inner && column < u32(step.columnWords)) {
        words = bitcast<vec4<u32>>(constants4(step.weights + i32((column * inner + k) * 4u)));
      }
      b[(i % DEPTH) * ACROSS + i / DEPTH] = words;
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let p = a[k * DOWN + down];
      let q = b[k * ACROSS + across];
      sum0 += vec4<i32>(dot4I8Packed(p.x, q.x), dot4I8Packed(p.x, q.y), dot4I8Packed(p.x, q.z), dot4I8Packed(p.x, q.w));
      sum1 += vec4<i32>(dot4I8Packed(p.y, q.x), dot4I8Packed(p.y, q.y), dot4I8Packed(p.y, q.z), dot4I8Packed(p.y, q.w));
      sum2 += vec4<i32>(dot4I8Packed(p.z, q.x), dot4I8Packed(p.z, q.y), dot4I8Packed(p.z, q.z), dot4I8Packed(p.z, q.w));
      sum3 += vec4<i32>(dot4I8Packed(p.w, q.x), dot4I8Packed(p.w, q.y), dot4I8Packed(p.w, q.z), dot4I8Packed(p.w, q.w));
    }
    workgroupBarrier();
  }
  let column = i32(firstColumn + across);
  if (column >= step.columnWords) { return; }
  let bias = constants4(step.bias + 4 * column) - constants4(step.sums + 4 * column) * step.zeroX;
  let row = i32(firstRow + 4u * down);
  put(row, column, sum0 + bias, rows);
  put(row + 1, column, sum1 + bias, rows);
  put(row + 2, column, sum2 + bias, rows);
  put(row + 3, column, sum3 + bias, rows);
}

fn put(row: i32, column: i32, acc: vec4<i32>, rows: i32) {
  if (row >= rows) { return; }
  if (step.wideY == 0) {
    y_put(row * step.wordsY + column, clamped(scaled(acc, constants4(step.multipliers + 4 * column))));
    return;
  }
  for (var i = 0; i < min(4, step.outChannels - 4 * column); i++) { y_put(row * step.wordsY + 4 * column + i, bitcast<u32>(acc[i])); }
}`;
