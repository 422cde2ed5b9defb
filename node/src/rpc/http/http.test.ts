import { createHash } from "node:crypto";
import { request } from "node:http";
import { connect } from "node:net";
import { errors as core, coreError, type ErrorTable, remadeError } from "@noema/core/errors";
import { errors as da, daError } from "@noema/da-layer/errors";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { createFakeChain, type FakeChain } from "../testing/fake-chain.ts";
import { createFakeData } from "../testing/fake-data.ts";

let chain: FakeChain;
let server: RpcServer;
let url: string;

beforeEach(async () => {
  chain = createFakeChain({ data: createFakeData() });
  server = createRpcServer({ port: 0 }, chain.deps);
  url = `http://127.0.0.1:${(await server.start()).port}`;
});
afterEach(() => server.stop());

const put = (body: Uint8Array<ArrayBuffer> | string, query = "") => fetch(`${url}/da${query}`, { method: "PUT", body });

describe("data", () => {
  it("gives back what was put, whole and in ranges", async () => {
    const bytes = new Uint8Array(1000).map((_, i) => i & 255);
    const answer = await (await put(bytes)).json();
    const id = `0x${createHash("sha256").update(bytes).digest("hex")}`;
    expect(answer).toMatchObject({ id, bytes: 1000, state: "included", height: 7 });
    const whole = await fetch(`${url}/da/${id}`);
    expect(whole.headers.get("content-length")).toBe("1000");
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes);
    const part = await fetch(`${url}/da/${id}`, { headers: { range: "bytes=10-19" } });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 10-19/1000"]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(10, 20));
    const tail = await fetch(`${url}/da/${id}`, { headers: { range: "bytes=-5" } });
    expect(new Uint8Array(await tail.arrayBuffer())).toEqual(bytes.slice(995));
    const beyond = await fetch(`${url}/da/${id}`, { headers: { range: "bytes=1000-" } });
    expect([beyond.status, await beyond.json()]).toEqual([416, expect.objectContaining({ code: "RPC_RANGE_INVALID" })]);
  });

  it("answers what is wrong with a typed error", async () => {
    const large = await put("x".repeat(100_001), "?raw");
    expect([large.status, ((await large.json()) as { code: string }).code]).toEqual([413, "RPC_DA_TOO_LARGE"]);
    const empty = await put("", "?raw");
    expect(empty.status).toBe(400);
    expect(await (await put("x", "?namespace=zz")).json()).toMatchObject({ code: "RPC_DA_QUERY_INVALID" });
    const unknown = await fetch(`${url}/da/0x${"11".repeat(32)}`);
    expect([unknown.status, await unknown.json()]).toEqual([404, expect.objectContaining({ code: "DA_NOT_FOUND" })]);
    expect((await fetch(`${url}/da/nonsense`)).status).toBe(400);
  });

  it("wants a length of what is one object", async () => {
    const body = new ReadableStream({
      start(c) {
        c.enqueue(new Uint8Array(3));
        c.close();
      },
    });
    const answer = await fetch(`${url}/da?raw`, { method: "PUT", body, duplex: "half" } as RequestInit);
    expect([answer.status, await answer.json()]).toEqual([411, expect.objectContaining({ code: "RPC_DA_LENGTH_REQUIRED" })]);
  });
});

describe("errors of the data layer", () => {
  const answerOf = async (error: Error) => {
    const data = createFakeData();
    data.publish = () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) });
    const own = createFakeChain({ data });
    const other = createRpcServer({ port: 0 }, own.deps);
    const { statusCode, headers, body } = await other.app.inject({ method: "PUT", url: "/da", payload: "x" });
    await other.stop();
    return { status: statusCode, retryAfter: headers["retry-after"], body: JSON.parse(body), logs: own.logs };
  };

  it.each([
    [daError("DA_QUOTA", "wait for blocks"), 429, "30"],
    [daError("DA_BATCH_STALE", "an epoch ended"), 503, "1"],
    [daError("DA_PAYLOAD_INVALID", "row 0 breaks the payload convention"), 422, undefined],
    [daError("DA_LOG_LOST", "nothing in epoch 3"), 503, undefined],
  ])("have the status that says who can mend it: %s", async (error, status, retryAfter) => {
    const { code, message } = error;
    expect(await answerOf(error)).toEqual({ status, retryAfter, body: { code, message }, logs: [] });
  });

  it.each([
    [coreError("REQUEST_FAILED", "request rows: the peer said ECONNRESET"), 503, core],
    [daError("DA_WORKER_FAILED", "Cannot read properties of undefined"), 500, da],
  ] as const)("keep words of peers and libraries for the operator: %s", async (error, status, table) => {
    const { means } = (table as ErrorTable)[error.code] ?? expect.fail();
    const logs = ["warn http request failed"];
    expect(await answerOf(error)).toMatchObject({ status, body: { code: error.code, message: means }, logs });
  });

  it("are a fault of the node where their row has no status: 500 without a word, and logged", async () => {
    for (const error of [daError("DA_OPTIONS_INVALID", "secret"), new TypeError("secret"), remadeError("NOWHERE", "secret")])
      expect(await answerOf(error)).toEqual({
        status: 500,
        retryAfter: undefined,
        body: { code: "RPC_INTERNAL", message: "internal error" },
        logs: ["error http request failed"],
      });
    const silent = Object.entries(da as ErrorTable).filter(([, { http }]) => http === undefined);
    expect(silent.map(([code]) => code)).toEqual(["DA_OPTIONS_INVALID", "DA_BATCH_INVALID", "DA_EQUIVOCATION"]); // no route meets these
  });

  it("are said where there is no data layer", async () => {
    const other = createRpcServer({ port: 0 }, createFakeChain().deps);
    const answer = await other.app.inject({ method: "PUT", url: "/da", payload: "x" });
    expect([answer.statusCode, answer.json()]).toEqual([501, expect.objectContaining({ code: "RPC_DA_DISABLED" })]);
    await other.stop();
  });
});

describe("clients that leave", () => {
  it("are no fault of the node: nothing is logged as an error", async () => {
    const own = createFakeChain({ data: createFakeData() });
    const fresh = createRpcServer({ port: 0 }, own.deps);
    const failed = new Promise((resolve) => fresh.app.addHook("onError", async (_, __, error) => resolve(error.message)));
    const socket = connect((await fresh.start()).port, "127.0.0.1");
    socket.on("error", () => {});
    socket.end("PUT /da HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nshort");
    expect(await failed).toBe("aborted");
    await fresh.stop();
    expect(own.logs).toEqual([]);
  });
});

describe("health", () => {
  it("is ready, syncing or halted with its cause", async () => {
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: "live" });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    chain.status.value = { ...chain.status.value, state: "syncing", highestHeight: 90 };
    const syncing = await fetch(`${url}/readyz`);
    expect([syncing.status, await syncing.json()]).toEqual([206, expect.objectContaining({ highest: 90 })]);
    const cause = "halted: 2 of 4 validators, quorum needs 3";
    chain.status.value = { ...chain.status.value, state: "halted", cause };
    const halted = await fetch(`${url}/readyz`);
    expect([halted.status, await halted.json()]).toEqual([503, expect.objectContaining({ cause })]);
    expect(await (await fetch(`${url}/version`)).json()).toMatchObject({ chainId: 31337 });
  });
});

describe("offers to change the protocol", () => {
  const ask = (o: { method: string; upgrade: string; body?: string; headers?: Record<string, string> }) =>
    new Promise<{ status?: number; body: string }>((resolve, reject) => {
      const headers = { connection: "Upgrade, HTTP2-Settings", upgrade: o.upgrade, "http2-settings": "AAMAAABkAAQAAP__", ...o.headers };
      const sent = request(url, { method: o.method, headers }, async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk);
        resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() });
      });
      sent.on("error", reject);
      sent.end(o.body);
    });
  const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}';

  it.each(["h2c", "h2c, websocket", "TLS/1.0", "nonsense", "websocket"])(
    "are passed over where they cannot be taken: %s",
    async (upgrade) => {
      const answer = await ask({ method: "POST", upgrade, body });
      expect([answer.status, JSON.parse(answer.body).result]).toEqual([200, "0x7a69"]);
      const chunked = await ask({ method: "POST", upgrade, body, headers: { "transfer-encoding": "chunked" } });
      expect(JSON.parse(chunked.body).result).toBe("0x7a69");
      if (upgrade !== "websocket") expect((await ask({ method: "GET", upgrade })).status).toBe(200);
    },
  );
});

describe("the page", () => {
  it("serves the page under a policy that admits nothing from elsewhere", async () => {
    const page = await fetch(`${url}/`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await page.text();
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) expect((await fetch(url + path)).status).toBe(200);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });
});

describe("what is no request", () => {
  const answerTo = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(bytes));
      const chunks: Buffer[] = [];
      socket.on("data", (chunk) => chunks.push(chunk)).on("end", () => resolve(Buffer.concat(chunks).toString()));
      socket.on("error", reject);
    });

  it.each([
    ["bytes that are no HTTP", "GARBAGE\r\n\r\n", 400, "bad request"],
    ["HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad request"],
    ["a path that does not decode", "GET /da/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400, "bad request"],
    [
      "headers without end",
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(20_000)}\r\n\r\n`,
      431,
      "request header fields too large",
    ],
    [
      "a content type that is none",
      "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ;;\r\nContent-Length: 0\r\n\r\n",
      415,
      "unsupported media type",
    ],
  ])("is answered in our words: %s", async (_, bytes, status, message) => {
    const [head = "", body = ""] = (await answerTo(bytes)).split("\r\n\r\n");
    expect(head).toContain(`HTTP/1.1 ${status}`);
    expect(JSON.parse(body)).toEqual({ code: "RPC_HTTP_INVALID", message });
  });
});
