import { expect, it } from "vitest";
import { enlarged, type Point } from "./src/enlarge.ts";
import { exampleStrokes } from "./src/examples.ts";

type Strokes = readonly (readonly Point[])[];

/** In the upper left corner, a third as large. */
const small = (strokes: Strokes) => strokes.map((stroke) => stroke.map(([x, y]) => [x / 3, y / 3] as const));

function extent(strokes: Strokes, axis: 0 | 1) {
  const values = strokes.flat().map((point) => point[axis]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return { middle: (least + most) / 2, size: most - least };
}

it("a small drawing in a corner becomes as large as most, keeps its shape, and lies in the middle", () => {
  for (let digit = 0; digit < 10; digit++) {
    const strokes = exampleStrokes(digit);
    const result = enlarged(small(strokes));
    const [width, height] = [extent(result, 0), extent(result, 1)];
    expect(Math.max(width.size, height.size)).toBeCloseTo(0.64);
    expect(width.size / height.size).toBeCloseTo(extent(strokes, 0).size / extent(strokes, 1).size);
    expect([width.middle, height.middle].map((middle) => middle.toFixed(6))).toEqual(["0.500000", "0.500000"]);
  }
});

it("a large drawing stays where it is, and a dot a dot", () => {
  const line: Point[] = [
    [0.1, 0.1],
    [0.8, 0.9],
  ];
  expect(enlarged([line])).toEqual([line]);
  expect(enlarged([[[0.02, 0.03]]])).toEqual([[[0.5, 0.5]]]);
  expect(enlarged([])).toEqual([]);
});
