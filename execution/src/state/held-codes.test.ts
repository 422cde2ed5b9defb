import { expect, it } from "vitest";
import { createHeldCodes } from "./held-codes.ts";

it("gives the same array while it is held, and holds no more than its bound", () => {
  const codes = createHeldCodes(100);
  const read = () => new Uint8Array(40);
  const first = codes.get("a", read);
  expect(codes.get("a", read)).toBe(first);
  codes.get("b", read);
  expect(codes.get("a", read)).toBe(first);
  codes.get("c", read);
  expect(codes.get("a", read)).not.toBe(first);
});
