import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRpcServer } from "../server.ts";
import { createFakeChain } from "../testing/fake-chain.ts";
import { idOf, keepIds } from "./request-id.ts";

const server = createRpcServer({ port: 0 }, createFakeChain().deps);
const ask = (id: string, params = "[]") => server.dispatch(`{"jsonrpc":"2.0","params":${params},"id":${id},"method":"eth_chainId"}`);
const answer = (id: string) => `{"jsonrpc":"2.0","id":${id},"result":"0x7a69"}`;
const kept = (text: string) => JSON.stringify(idOf(keepIds(JSON.parse(text), text)));

const FORMS = ["0", "1", "-0", "1.0", "1.50", "1e3", "1E+3", "-2.5e-7", "1e999", "12345678901234567890123456789"];
const EDGE = ["9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "18446744073709551615"];

describe("a request's id", () => {
  it.each([...FORMS, ...EDGE, '"a"', '""', '"9007199254740993"', "null"])("comes back as it came: %s", async (id) => {
    expect(await ask(id)).toBe(answer(id));
    expect(await server.dispatch(`{"id":${id},"jsonrpc":"2.0","method":"x"}`)).toContain(`"id":${id},"error"`);
  });

  it("is found at its place in a batch, past requests that are none", async () => {
    const one = (id: string) => `{"jsonrpc":"2.0","method":"eth_chainId","id" : ${id} }`;
    const batch = `[ ${one("1.0")}, 5, [1,{"id":7.0},2], ${one('"x,{"')}, {"jsonrpc":"2.0","method":"eth_chainId"}, ${one("9007199254740993")}]`;
    const answers = (await server.dispatch(batch)) as string;
    expect([...answers.matchAll(/"id":("[^"]*"|[^,]*)/g)].map((m) => m[1])).toEqual(["1.0", "null", "null", '"x,{"', "9007199254740993"]);
  });

  it("is the member of the request, not of its parameters or in a string", async () => {
    expect(await ask("1.0", '[{"id":2.0},"\\"id\\":3.0",["id"]]')).toContain('"id":1.0,');
    expect(kept('{"id":1.0,"params":{"id":2.0}}')).toBe("1.0");
    expect(kept('{"a":"\\\\","id":1.0}')).toBe("1.0");
    expect(kept('{"\\u0069d":1.0}')).toBe("1.0");
    expect(kept('{"id":1.0,"id":2.00}')).toBe("2.00");
    expect(kept('{"id":1.0,"id":"x"}')).toBe('"x"');
    expect(kept('{"id":"x","id":1.0}')).toBe("1.0");
  });

  it("is bounded as text", async () => {
    expect(kept(`{"id":1.${"0".repeat(254)}}`)).toBe(`1.${"0".repeat(254)}`);
    expect(await ask(`1.${"0".repeat(255)}`)).toContain('"code":-32600');
  });

  it("keeps the text of any number in any JSON around it", () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?$/);
    fc.assert(
      fc.property(digits, fc.jsonValue(), fc.string(), (id, value, name) => {
        fc.pre(name !== "id");
        const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
        expect(kept(`{${member},"id":${id}}`)).toBe(id);
        expect(kept(`{"id":\n\t${id} ,${member}}`)).toBe(id);
      }),
    );
  });
});
