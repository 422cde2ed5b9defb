/** What a parser says that it takes is what it takes: its schema, by ajv, and its reading agree on what clients send. */
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { blockId, numberOrTag } from "../ethereum/block-id.ts";
import { blockOverride } from "../ethereum/block-overrides.ts";
import { callRequest, stateOverrides } from "../ethereum/call-request.ts";
import { logQuery } from "../modules/eth/log-filter.ts";
import type { Parser } from "./method.ts";
import { address, amount, array, boolean, count, data, hash, object, optional, quantity, record, slotKey, text, word } from "./parsers.ts";

const A = `0x${"aB".repeat(20)}`;
const H = `0x${"cd".repeat(32)}`;

type Case = { parser: Parser<unknown>; good: readonly unknown[]; bad: readonly unknown[] };
const CASES: Record<string, Case> = {
  quantity: { parser: quantity(), good: ["0x0", "0x1f", `0x${"f".repeat(64)}`], bad: ["0x", "0x01", "1", 1, null, `0x1${"0".repeat(64)}`] },
  amount: { parser: amount(), good: ["0x0", "0x00ff", "12", 0, 2 ** 53 - 1], bad: ["0x", "1_2", -1, 1.5, true] },
  count: { parser: count(100), good: [0, 100, "0x64"], bad: [101, -1, 1.5, "100", null] },
  data: { parser: data(), good: ["0x", "0xabCD"], bad: ["", "0xa", "0xzz", 1] },
  "data of a length": { parser: data({ length: 3 }), good: ["0x010203"], bad: ["0x0102", "0x01020304", "010203"] },
  "data up to a length": { parser: data({ max: 2 }), good: ["0x", "0x0102"], bad: ["0x010203"] },
  address: { parser: address, good: [A], bad: [H, A.slice(0, -1), A.slice(2)] },
  hash: { parser: hash, good: [H], bad: [A, `${H}00`] },
  slot: { parser: slotKey, good: ["0x0", "0x00", H], bad: ["0x", `${H}0`, 0] },
  boolean: { parser: boolean, good: [true, false], bad: ["true", 0, null] },
  text: { parser: text(3), good: ["", "abc"], bad: ["abcd", 1] },
  word: { parser: word("a", "b"), good: ["a"], bad: ["c", "", null] },
  array: { parser: array(boolean, 2), good: [[], [true, false]], bad: [[1], [true, true, true], {}] },
  object: {
    parser: object({ a: boolean, b: optional(boolean) }),
    good: [{ a: true }, { a: true, b: false, c: 1 }],
    bad: [{}, [], null, { a: 1 }],
  },
  record: { parser: record(text(9), boolean, 1), good: [{}, { x: true }], bad: [{ x: 1 }, { x: true, y: true }, []] },
  numberOrTag: { parser: numberOrTag, good: ["latest", "0x1"], bad: ["newest", "1", {}, 1] },
  blockId: { parser: blockId, good: ["safe", "0x1", H, { blockHash: H }, { blockNumber: "0x1" }], bad: ["newest", 1, { blockHash: A }] },
  call: {
    parser: callRequest(1),
    good: [{}, { to: A, input: "0x00", value: "0x1" }],
    bad: [{ to: H }, { value: 1 }, { data: "0x0" }, "0x"],
  },
  "state overrides": { parser: stateOverrides, good: [{}, { [A]: { state: { [H]: H } } }], bad: [{ [A]: { balance: 1 } }, []] },
  "block overrides": {
    parser: blockOverride,
    good: [{}, { number: "0x1", prevRandao: H, withdrawals: [] }],
    bad: [{ time: 1 }, { prevRandao: 1 }],
  },
  "log filter": {
    parser: logQuery,
    good: [{}, { address: A, topics: [null, [H, null], H] }, { address: [A] }],
    bad: [{ address: H }, { topics: [A] }],
  },
};

const ajv = new Ajv({ strict: false });
const takes = (parser: Parser<unknown>) => (value: unknown) => {
  try {
    parser.read(value, "x");
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: "RPC_PARAMS_INVALID" });
    return false;
  }
};

it.each(Object.entries(CASES))("%s", (_, { parser, good, bad }) => {
  const validate = ajv.compile(parser.schema);
  for (const value of good) expect([value, takes(parser)(value), validate(value)]).toEqual([value, true, true]);
  for (const value of bad) expect([value, takes(parser)(value), validate(value)]).toEqual([value, false, false]);
});
