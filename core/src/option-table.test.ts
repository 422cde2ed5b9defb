import * as v from "valibot";
import { expect, test } from "vitest";
import { choice, fromText, integer, option, parseTable, rowsOf } from "./option-table.ts";

const table = v.strictObject({
  name: option("who", v.string(), { value: "file" }),
  inner: v.optional(v.strictObject({ n: option("how many", v.optional(integer(1, 5), 2)) }), {}),
  sort: option("which", v.optional(choice(["a", "b"])), { none: "neither" }),
  list: option("some", v.optional(v.array(v.string()), [])),
  on: option("whether", v.optional(v.boolean(), false)),
  pairs: option("objects", v.array(v.strictObject({ a: v.string() }))),
});

test("an option knows its path, its kind, its default and what a person is told", () => {
  const rows = rowsOf(table).map(({ path, type, default: preset, required, help, expects }) => [
    path.join("."),
    type,
    preset,
    required,
    help,
    expects,
  ]);
  expect(rows).toEqual([
    ["name", "string", undefined, true, "who", undefined],
    ["inner.n", "number", 2, false, "how many", "an integer from 1 to 5"],
    ["sort", "string", undefined, false, "which", "one of a, b"],
    ["list", "list", [], false, "some", undefined],
    ["on", "boolean", false, false, "whether", undefined],
    ["pairs", undefined, undefined, true, "objects", undefined],
  ]);
});

test("text becomes a value of the kind, or is refused with what is expected", () => {
  const { name, sort, list, on } = table.entries;
  const values = [fromText(name, "5"), fromText(integer(1, 5), "5"), fromText(sort, "b"), fromText(list, "a, b"), fromText(list, "")];
  expect(values).toEqual(["5", 5, "b", ["a", "b"], []]);
  expect(["true", "1", "false", "0"].map((text) => fromText(on, text))).toEqual([true, true, false, false]);
  const refused: [v.GenericSchema, string, string][] = [
    [integer(1, 5), "6", "an integer from 1 to 5 is expected"],
    [integer(1, 5), "1.5", "an integer from 1 to 5 is expected"],
    [sort, "constructor", "one of a, b is expected"],
    [on, "constructor", "Invalid type"],
  ];
  for (const [schema, text, message] of refused)
    expect(() => fromText(schema, text), text).toThrow(
      expect.objectContaining({ code: "ARGUMENT_INVALID", message: expect.stringContaining(message) }),
    );
});

test("a section gets its defaults, and its first fault is told with the field", () => {
  const fail = (fault: string) => new Error(`section.${fault}`);
  expect(parseTable(table, { name: "x", pairs: [] }, fail)).toEqual({ name: "x", inner: { n: 2 }, list: [], on: false, pairs: [] });
  expect(() => parseTable(table, { name: "x", pairs: [], inner: { n: 6 } }, fail)).toThrow(
    "section.inner.n: an integer from 1 to 5 is expected",
  );
  expect(() => parseTable(table, { name: "x", pairs: [], other: 1 }, fail)).toThrow("section.other: no field has this name");
  expect(() => parseTable(table, { name: "x", pairs: 5 }, fail)).toThrow("section.pairs: Invalid type");
  expect(() => parseTable(table, { name: "x", pairs: [{ a: "x", b: 1 }] }, fail)).toThrow("pairs.0.b: no field has this name; there are a");
});

test("an option that has to be and is not there is told as missing, also where its section is not there", () => {
  const outer = v.strictObject({
    list: option("some", v.string()),
    rpc: v.strictObject({ host: v.optional(v.string()), port: integer(0, 9) }),
  });
  const fail = (fault: string, missing: boolean) => new Error(`${missing} ${fault}`);
  const parse = (section: unknown) => () => parseTable(outer, section, fail);
  expect(parse({})).toThrow("true list: is missing");
  expect(parse({ list: "a" })).toThrow("true rpc.port: is missing");
  expect(parse({ list: "a", rpc: { host: "b" } })).toThrow("true rpc.port: is missing");
  expect(parse({ list: "a", rpc: 5 })).toThrow("false rpc: Invalid type");
  expect(parse({ list: "a", rpc: { port: 1, prot: 1 } })).toThrow("false rpc.prot: no field has this name; there are host, port");
  expect(parse({ list: "a", rpc: { prot: 1 } }), "misspelt, not missing").toThrow("false rpc.prot: no field has this name");
  expect(parse({ lits: "a", rpc: { port: 1 } })).toThrow("false lits: no field has this name; there are list, rpc");
});
