import { coreError } from "@noema/core/errors";
import { daError } from "@noema/da-layer/errors";
import { execError } from "@noema/execution/errors";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeError } from "../errors.ts";
import { storeError } from "../store/errors.ts";
import { MAX_BATCH } from "./json-rpc/dispatch.ts";
import { method } from "./json-rpc/method.ts";
import { createRpcServer, MAX_BODY_BYTES, type RpcServer } from "./server.ts";
import { callRpc, post } from "./testing/call.ts";
import { createFakeChain } from "./testing/fake-chain.ts";
import { createFakeData } from "./testing/fake-data.ts";

const chain = createFakeChain();
let server: RpcServer;
let url: string;

beforeAll(async () => {
  server = createRpcServer({ port: 0 }, chain.deps);
  const { port } = await server.start();
  url = `http://127.0.0.1:${port}/`;
});
afterAll(() => server.stop());

const code = (answer: unknown) => (answer as { error: { code: number } }).error.code;

describe("JSON-RPC", () => {
  it("answers malformed requests with the standard codes", async () => {
    expect(code(await post(server, "{nonsense"))).toBe(-32700);
    expect(code(await post(server, ""))).toBe(-32700);
    expect(code(await post(server, "7"))).toBe(-32600);
    expect(code(await post(server, "[]"))).toBe(-32600);
    expect(code(await post(server, '{"id":1,"method":"eth_chainId"}'))).toBe(-32600);
    expect(code(await post(server, '{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}'))).toBe(-32600);
    expect(code(await post(server, '{"jsonrpc":"2.0","id":1,"method":"eth_nothing"}'))).toBe(-32601);
    expect(code(await post(server, '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}'))).toBe(-32602);
    expect(code(await callRpc(server, "constructor"))).toBe(-32601);
  });

  it("answers a batch in order, and nothing to notifications", async () => {
    const one = (id?: number) => ({ jsonrpc: "2.0", method: "eth_chainId", ...(id === undefined ? {} : { id }) });
    const answers = (await post(server, JSON.stringify([one(1), one(), 5, one(2)]))) as { id: number | null }[];
    expect(answers.map((a) => a.id)).toEqual([1, null, 2]);
    expect(await post(server, JSON.stringify(one()))).toBeUndefined();
    expect(code(await post(server, JSON.stringify(Array(MAX_BATCH + 1).fill(one(1)))))).toBe(-32005);
  });

  it("refuses a body of 10 MB with a typed error and goes on, on the same connection", async () => {
    const big = await fetch(url, { method: "POST", body: "x".repeat(10_000_000) });
    expect(big.status).toBe(413);
    const answer = (await big.json()) as { error: unknown };
    expect(answer.error).toMatchObject({ code: -32005, data: { code: "RPC_LIMIT", limit: MAX_BODY_BYTES } });
    const next = await fetch(url, { method: "POST", body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}' });
    expect(await next.json()).toMatchObject({ result: "0x7a69" });
  });

  it("refuses deep nesting before it is parsed", async () => {
    const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    expect(code(await post(server, `{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[${deep}]}`))).toBe(-32600);
    expect(code(await post(server, deep))).toBe(-32600);
    expect(await callRpc(server, "web3_sha3", "[[[".repeat(1000))).toMatchObject({ error: { code: -32602 } });
  });

  it("does not tell a client what broke inside", async () => {
    const broken = createFakeChain();
    broken.deps.execution.block = async () => {
      throw new Error("secret detail");
    };
    const other = createRpcServer({ port: 0 }, broken.deps);
    const answer = await callRpc(other, "eth_getBlockByNumber", "latest", false);
    expect(answer.error).toMatchObject({ code: -32603, message: "internal error" });
    expect(broken.logs).toContain("error rpc method failed");
    await other.stop();
  });

  const words = "/home/node/state: library words";
  it.each([
    storeError("STORE_FAILED", words),
    storeError("LOG_FAILED", words),
    execError("EXEC_ENGINE_FAILED", words),
    execError("STATE_CORRUPT", words),
    nodeError("WORKER_DIED", words),
    coreError("REQUEST_FAILED", words),
    coreError("KEY_INVALID", words),
  ])("keeps for the operator: %s", async (planted) => {
    const broken = createFakeChain();
    broken.deps.execution.block = async () => {
      throw planted;
    };
    const other = createRpcServer({ port: 0 }, broken.deps);
    const { error } = await callRpc(other, "eth_getBlockByNumber", "latest", false);
    expect(error).toEqual({ code: -32603, message: "internal error", data: { code: "RPC_INTERNAL" } });
    expect(broken.logs).toContain("error rpc method failed");
    await other.stop();
  });

  it("tells what an error means where its text may be a library's", async () => {
    const data = createFakeData();
    data.status = async () => {
      throw daError("DA_WORKER_FAILED", "Cannot read properties of undefined", { path: "/home/node" });
    };
    const broken = createFakeChain({ data });
    const other = createRpcServer({ port: 0 }, broken.deps);
    const { error } = await callRpc(other, "noema_daStatus", `0x${"00".repeat(32)}`);
    const message = "the worker thread that does the rows' arithmetic failed";
    expect(error).toEqual({ code: -32000, message, data: { code: "DA_WORKER_FAILED" } });
    expect(broken.logs).toContain("error rpc method failed");
    await other.stop();
  });

  it("says that a body is not JSON in its own words", async () => {
    const said = (x: unknown) => (x as { error: { message: string } }).error.message;
    for (const body of ["", "{nonsense", '{"id":1,,', "\u0000", "<html>"])
      expect(said(await post(server, body))).toBe("parse error: not JSON");
  });

  it("answers an internal error when a module's result is no JSON", async () => {
    const module = { name: "test", methods: { test_bigint: method([], () => 1n) } };
    const other = createRpcServer({ port: 0, modules: [() => module] }, createFakeChain().deps);
    expect(await callRpc(other, "test_bigint")).toMatchObject({ id: 1, error: { code: -32603 } });
    await other.stop();
  });

  it("answers any JSON with a well-formed response", async () => {
    const methods = [
      "eth_call",
      "eth_getLogs",
      "eth_getBlockByNumber",
      "eth_sendTransaction",
      "eth_feeHistory",
      "eth_getProof",
      "noema_finality",
    ];
    const names = fc.constantFrom(
      ...methods,
      "eth_estimateGas",
      "eth_newFilter",
      "eth_subscribe",
      "eth_signTypedData_v4",
      "noema_daStatus",
      "x",
    );
    const request = fc.record({
      jsonrpc: fc.constant("2.0"),
      id: fc.integer(),
      method: names,
      params: fc.array(fc.jsonValue(), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(request, fc.jsonValue()), async (value) => {
        const text = await server.dispatch(JSON.stringify(value));
        const answers = text === undefined ? [] : [JSON.parse(text)].flat();
        for (const answer of answers) {
          expect(answer.jsonrpc).toBe("2.0");
          expect("result" in answer).toBe(!("error" in answer));
          if (answer.error) expect(Number.isInteger(answer.error.code) && typeof answer.error.message === "string").toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(chain.logs.filter((x) => x.startsWith("error"))).toEqual([]);
  });
});
