import { expect, it } from "vitest";
import { parseExact } from "./parse-exact.ts";
import { amount } from "./parsers.ts";

const paramsOf = (text: string) => (parseExact(text) as { params: unknown[] }).params;

it("whole numbers from 2^53 on keep their digits; ids, fractions, text and what is small stay as they are", () => {
  expect(
    paramsOf('{"id":9007199254740993,"params":[1000000000000000000000, 5, 1e21, 1.5, "9007199254740993", -9007199254740993]}'),
  ).toEqual([10n ** 21n, 5, 1e21, 1.5, "9007199254740993", -9007199254740992]);
  expect((parseExact('{"id":9007199254740993}') as { id: unknown }).id).toBe(9007199254740992);
  expect(paramsOf('[{"params":[1]}]'.slice(1, -1))).toEqual([1]);
});

it("a long body is not read so: its cost is that of JSON.parse", () => {
  const text = `{"params":[9007199254740993,"${"x".repeat(65_536)}"]}`;
  expect(paramsOf(text)[0]).toBe(9007199254740992);
  expect(() => amount().read(paramsOf(text)[0], "balance")).toThrow(expect.objectContaining({ code: "RPC_PARAMS_INVALID" }));
});

it("an amount is read as anvil reads it: hex, leading zeros, decimal, a number of any size", () => {
  const read = (value: unknown) => amount().read(value, "balance");
  expect(["0x10", "0x0010", "16", "016", 16, 16n].map(read)).toEqual(Array(6).fill(16n));
  expect(read("1000000000000000000000")).toBe(10n ** 21n);
  expect(read(10n ** 21n)).toBe(10n ** 21n);
  for (const bad of ["1ether", "1e3", "-1", -1, 1.5, 2 ** 53, 2n ** 256n, "", null]) expect(() => read(bad)).toThrow();
});
