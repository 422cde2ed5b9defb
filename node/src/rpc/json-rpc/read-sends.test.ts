/** The short way from bodies to calls says what JSON says, or nothing. */
import { toHex } from "@noema/core/bytes";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readSends } from "./read-sends.ts";
import { type Call, parseRequest } from "./request.ts";
import { keepIds } from "./request-id.ts";

const MAX = 4;
const METHOD = "eth_sendRawTransaction";
const shownCall = ({ id, method, params }: Call) => ({ id, method, params: params.map((x) => (x instanceof Uint8Array ? toHex(x) : x)) });
const read = (text: string | Buffer) => {
  const calls = readSends(Buffer.from(text), MAX);
  return Array.isArray(calls) ? calls.map(shownCall) : calls && shownCall(calls);
};
/** By way of JSON; hex in lower case, without 0x. */
function byJson(text: string): unknown {
  const parsed = keepIds(JSON.parse(text), text);
  const one = (x: unknown) => {
    const { id, method, params } = parseRequest(x) as Call;
    return { id, method, params: params.map((hex) => String(hex).replace(/^0x/, "").toLowerCase()) };
  };
  return Array.isArray(parsed) ? parsed.map(one) : one(parsed);
}

const space = fc.constantFrom("", "", "", " ", "\n\t", " \r\n ");
const id = fc.oneof(fc.nat(), fc.constantFrom(0, 1, 999_999_999_999_999), fc.stringMatching(/^[a-z0-9 {}\]:,-]{0,20}$/));
const hex = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.boolean());
const requestText = fc
  .record({ id, hex, order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), s: fc.array(space, { minLength: 20, maxLength: 20 }) })
  .map(({ id, hex: [bytes, upper], order, s }) => {
    const digits = upper ? toHex(bytes).toUpperCase() : toHex(bytes);
    const members = [
      `"jsonrpc"${s[0]}:${s[1]}"2.0"`,
      `"id"${s[2]}:${s[3]}${JSON.stringify(id)}`,
      `"method"${s[4]}:${s[5]}"${METHOD}"`,
      `"params"${s[6]}:${s[7]}[${s[8]}"0x${digits}"${s[9]}]`,
    ];
    return `${s[10]}{${s[11]}${order.map((i) => members[i]).join(`${s[12]},${s[13]}`)}${s[14]}}${s[15]}`;
  });
const bodyText = fc.oneof(
  requestText,
  fc.tuple(fc.array(requestText, { minLength: 1, maxLength: MAX }), space).map(([all, s]) => `${s}[${all.join(",")}]${s}`),
);

it("reads what clients write as JSON does", () => {
  fc.assert(
    fc.property(bodyText, (text) => {
      expect(read(text)).toEqual(byJson(text));
    }),
    { numRuns: 500 },
  );
});

it("says nothing else than JSON of what was changed", () => {
  let taken = 0;
  const edit = fc.tuple(fc.nat(400), fc.oneof(fc.constantFrom(...'{}[]",:0123456789ex\\ -+.A\n'), fc.string({ maxLength: 2 })), fc.nat(2));
  fc.assert(
    fc.property(bodyText, fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
      const changed = edits.reduce((x, [at, by, cut]) => x.slice(0, at % x.length) + by + x.slice((at % x.length) + cut), text);
      const calls = read(changed);
      if (calls === undefined) return;
      taken++;
      expect(calls).toEqual(byJson(changed));
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(50);
});

const send = (o: { id?: string; jsonrpc?: string; method?: string; params?: string; more?: string }) =>
  `{"jsonrpc":${o.jsonrpc ?? '"2.0"'},"id":${o.id ?? "1"},"method":${o.method ?? `"${METHOD}"`},"params":${o.params ?? '["0x02"]'}${o.more ?? ""}}`;

it("leaves to JSON whatever is another request, or written otherwise", () => {
  expect(read(send({}))).toEqual({ id: 1, method: METHOD, params: ["02"] });
  const others = [
    { method: '"eth_chainId"' },
    { method: `"${METHOD}x"` },
    { jsonrpc: '"1.0"' },
    { id: "null" },
    { id: "1.0" },
    { id: "1e3" },
    { id: "-1" },
    { id: "01" },
    { id: "9007199254740993" },
    { id: '"a\\u0062"' },
    { id: '"ä"' },
    { id: JSON.stringify("x".repeat(300)) },
    { params: "[]" },
    { params: '["0x"]' },
    { params: '["0x0"]' },
    { params: '["0x0g"]' },
    { params: '["02"]' },
    { params: '["0x02","0x02"]' },
    { params: '{"0":"0x02"}' },
    { more: ',"id":2' },
    { more: ',"other":1' },
  ].map(send);
  const bodies = ["", "[]", "[", "{}", `[${send({})}`, `[${send({})},]`, `${send({})}x`, `{${send({})}`, send({}).slice(0, -1)];
  for (const text of [
    ...others,
    ...bodies,
    `[${Array(MAX + 1)
      .fill(send({}))
      .join(",")}]`,
    `{"jsonrpc":"2.0","method":"${METHOD}","params":["0x02"]}`,
  ])
    expect(read(text), text).toBeUndefined();
});
