/** Kernels that make each word of the output from elements at the same place, or at one that its index says. */
import { eachWord } from "./prelude.ts";

/** The word of the second operand: of the same place, or of the one row that it has. */
const other = `
fn other_word(word: i32) -> u32 {
  let each = step.rowsY * step.wordsY;
  let place = select(word % each, word % step.wordsY, step.rowsOther == 1);
  if (step.constantOther == 1) { return constants[step.other + place]; }
  return other_at((word / each) * step.rowsOther * step.wordsY + place);
}`;

export const add = eachWord(
  `
  let a = (unpack4xI8(x_at(word)) - vec4<i32>(step.zeroX)) * step.multiplierA;
  let b = (unpack4xI8(other_word(word)) - vec4<i32>(step.zeroOther)) * step.multiplierB;
  y_put(word, clamped(rounded(a + b)));`,
  other,
);

export const mul = eachWord(
  `
  let a = unpack4xI8(x_at(word)) - vec4<i32>(step.zeroX);
  let b = unpack4xI8(other_word(word)) - vec4<i32>(step.zeroOther);
  y_put(word, clamped(scaled(a * b, vec4<i32>(step.multiplierA))));`,
  other,
);

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

/** A row of y is a row of the table, whose index is an element of x. */
export const gather = eachWord(`
  let place = word / step.wordsY;
  let at = place % step.channels;
  let line = (place / step.channels) * step.wordsX;
  var row = 0;
  if (step.wideX == 1) { row = bitcast<i32>(x_at(line + at)); } else { row = int8_of(x_at(line + at / 4), at % 4) + 128; }
  if (row < 0 || row >= step.tableRows) { y_put(word, pack4xI8(vec4<i32>(step.zeroY))); return; }
  y_put(word, constants[step.weights + row * step.wordsY + word % step.wordsY]);`);

/** y's bytes, each from the place in x that its own says: of CONCAT, SLICE, PAD, TRANSPOSE. Dimensions are four, the last is the row. */
export const move = eachWord(
  `
  let column = 4 * (word % step.wordsY);
  let row = word / step.wordsY;
  let item = row / step.rowsY;
  let inside = row % step.rowsY;
  let line = vec3<i32>(inside / (step.size1 * step.size2), (inside / step.size2) % step.size1, inside % step.size2);
  var value = unpack4xI8(select(pack4xI8(vec4<i32>(step.zeroY)), arena[step.y * batch.inputs + word], step.keeps == 1));
  for (var i = 0; i < 4; i++) {
    let place = vec4<i32>(line, column + i) - vec4<i32>(step.start0, step.start1, step.start2, step.start3);
    if (any(place < vec4<i32>()) || any(place >= vec4<i32>(step.count0, step.count1, step.count2, step.count3))) { continue; }
    value[i] = source(item, step.offset + dot(place, vec4<i32>(step.stride0, step.stride1, step.stride2, step.stride3)));
  }
  y_put(word, pack4xI8(value));`,
  `fn source(item: i32, element: i32) -> i32 {
  if (step.constantX == 1) { return int8_of(constants[step.x + element / 4], element % 4); }
  let column = element % step.channels;
  return int8_of(x_at((item * step.rowsX + element / step.channels) * step.wordsX + column / 4), column % 4);
}`,
);

/** Of two activations; each word is four columns of a row. */
export const matmul = eachWord(
  `
  let row = word / step.wordsY;
  let column = word % step.wordsY;
  let matrix = row / step.matrixRows;
  var acc = vec4<i32>();
  for (var k = 0; k < step.wordsX; k++) {
    let a = unpack4xI8(x_at(row * step.wordsX + k)) - vec4<i32>(step.zeroX);
    let inside = min(4, step.channels - 4 * k);
    if (step.transposed == 1) {
      let left = select(vec4<i32>(), a, vec4<i32>(0, 1, 2, 3) < vec4<i32>(inside));
      for (var i = 0; i < min(4, step.outChannels - 4 * column); i++) {
        let b = unpack4xI8(other_at((matrix * step.outChannels + 4 * column + i) * step.wordsOther + k)) - vec4<i32>(step.zeroOther);
        acc[i] += dot(left, b);
      }
    } else {
      for (var i = 0; i < inside; i++) {
        let b = unpack4xI8(other_at((matrix * step.channels + 4 * k + i) * step.wordsOther + column)) - vec4<i32>(step.zeroOther);
        acc += a[i] * b;
      }
    }
  }
  y_put(word, clamped(scaled(acc, vec4<i32>(step.multiplierA))));`,
);
