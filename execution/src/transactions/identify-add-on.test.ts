import { expect, it } from "vitest";
import { load } from "./identify-add-on.ts";

it("is there where it is named; what does not load is said", () => {
  expect([load(undefined), load("")]).toEqual([undefined, undefined]);
  expect(() => load("/nowhere/identify.node")).toThrow(expect.objectContaining({ code: "TX_ADD_ON_UNUSABLE" }));
});
