import { describe, expect, it } from "vitest";
import { defineErrors, errors, isNoemaError, NoemaError, rowsOf } from "./errors.ts";

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

  it("is made by its package's function, which takes only the codes of its table", () => {
    const said = { means: "it was said", remedy: "say it no more" };
    const made = defineErrors({ WAS_SAID: { ...said, http: 400 }, SAID_TWICE: { ...said, peer: "reject" } });
    const cause = new Error("why");
    expect(made.error("WAS_SAID", "said: x", { x: 1 }, cause)).toMatchObject({
      code: "WAS_SAID",
      message: "said: x",
      data: { x: 1 },
      cause,
    });
    expect(made.refusal("SAID_TWICE")).toEqual({ ok: false, code: "SAID_TWICE", action: "reject" });
    // @ts-expect-error: it is misspelt
    made.error("WAS_SIAD", "said: x");
    // @ts-expect-error: its row says nothing of the peer
    made.refusal("WAS_SAID");
    // @ts-expect-error: there is no such status
    defineErrors({ WAS_SAID: { ...said, http: 499 } });
    const rowOf = rowsOf([errors, made.errors]);
    expect(rowOf("WAS_SAID")).toEqual({ ...said, http: 400 });
    expect(rowOf("HEX_INVALID")).toBe(errors.HEX_INVALID);
    expect(["constructor", "WAS_SIAD"].map(rowOf)).toEqual([undefined, undefined]);
  });

  it("every code says what it means and what to do", () => {
    for (const [code, { means, remedy }] of Object.entries(errors)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
      expect(means.length * remedy.length, code).toBeGreaterThan(0);
    }
  });
});
