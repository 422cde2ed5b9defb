import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { httpUrl, integer } from "./arguments.ts";
import { isNoemaError } from "./errors.ts";
import { decimal, fromText } from "./option-table.ts";

const refuses = (parse: (text: string) => unknown, text: string) => {
  try {
    parse(text);
    return false;
  } catch (error) {
    return isNoemaError(error, "ARGUMENT_INVALID");
  }
};
const NO_NUMBERS = ["", " ", "abc", "NaN", "Infinity", "-1", "1e3", "0x10", "1,5", "1_000", " 1", "1\n", "١", "9".repeat(400)];

describe("arguments", () => {
  it("integers, from the smallest to the largest", () => {
    const parse = integer(1, 1000);
    expect([parse("1"), parse("007"), parse("1000")]).toEqual([1, 7, 1000]);
    for (const text of [...NO_NUMBERS, "0", "1001", "1.5"]) expect(refuses(parse, text), text).toBe(true);
    expect(() => parse("x")).toThrow("an integer from 1 to 1000 is expected");
  });

  it("decimals of a table", () => {
    const schema = decimal(0.05, 3600, "seconds");
    const parse = (text: string) => fromText(schema, text);
    expect([parse("0.05"), parse(".5"), parse("3600")]).toEqual([0.05, 0.5, 3600]);
    for (const text of [...NO_NUMBERS, "0", "3600.1", "1.", "."]) expect(refuses(parse, text), text).toBe(true);
  });

  it("URLs that a path can be put behind", () => {
    expect(httpUrl("http://127.0.0.1:8545/")).toBe("http://127.0.0.1:8545");
    expect(httpUrl("https://a.example/rpc//")).toBe("https://a.example/rpc");
    for (const text of ["", "nonsense", "127.0.0.1:8545", "localhost:8545", "ftp://a", "ws://a", "http://", "http://a:99999"])
      expect(refuses(httpUrl, text), text).toBe(true);
  });

  it("answer a number or refuse, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parse = integer(0, 2 ** 32 - 1);
        if (!refuses(parse, text)) expect(parse(text)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
