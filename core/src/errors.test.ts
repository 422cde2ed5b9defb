import { describe, expect, it } from "vitest";
import { errors, isNoemaError, NoemaError } from "./errors.ts";

describe("NoemaError", () => {
  it("carries code, data and cause", () => {
    const cause = new Error("why");
    const error = new NoemaError("HEX_INVALID", "not hex: zz", { value: "zz" }, cause);
    expect(error).toMatchObject({ name: "NoemaError", code: "HEX_INVALID", data: { value: "zz" }, cause });
    expect("cause" in new NoemaError("X", "y")).toBe(false);
    expect(isNoemaError(error)).toBe(true);
    expect(isNoemaError(error, "HEX_INVALID")).toBe(true);
    expect(isNoemaError(error, "KEY_INVALID")).toBe(false);
    expect(isNoemaError({ code: "HEX_INVALID" })).toBe(false);
    expect(isNoemaError(structuredClone(error))).toBe(false);
  });

  it("every code says what it means and what to do", () => {
    for (const [code, { means, remedy }] of Object.entries(errors)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
      expect(means.length * remedy.length, code).toBeGreaterThan(0);
    }
  });
});
