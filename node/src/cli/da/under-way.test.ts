import { expect, it } from "vitest";
import { describeUnderWay } from "./under-way.ts";

it("tells of each object how far it is", () => {
  const steps = [
    { state: "certified", done: 1 },
    { state: "signed", done: 0.5 },
    { state: "encoded", done: 1 },
    { state: "preparing" },
    undefined,
  ];
  expect(describeUnderWay(steps)).toBe("certified; 50 % of stake signed; rows encoded; rows being encoded; rows being encoded");
  expect(describeUnderWay([])).toBe("");
});
