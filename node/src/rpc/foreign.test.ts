/** Pages of other sites against a real server: nothing is signed, sent, published or read; `cors` is the way in (the negative control). */
import { type IncomingMessage, request } from "node:http";
import { to0x } from "@noema/core/bytes";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createRpcServer, type RpcOptions, type RpcServer } from "./server.ts";
import { ACCOUNT, CONTRACT } from "./testing/fake-blocks.ts";
import { createFakeChain, type FakeChain } from "./testing/fake-chain.ts";
import { createFakeData } from "./testing/fake-data.ts";

const EVIL = "https://evil.example";
const from = to0x(ACCOUNT.address);
const transaction = { from, to: to0x(CONTRACT) };
const typed = { types: { Box: [{ name: "x", type: "bool" }] }, primaryType: "Box", domain: {}, message: { x: true } };
const SIGNING: [string, unknown[]][] = [
  ["eth_sendTransaction", [transaction]],
  ["eth_sendUnsignedTransaction", [transaction]],
  ["eth_signTransaction", [transaction]],
  ["eth_sign", [from, "0x68656c6c6f"]],
  ["personal_sign", ["0x68656c6c6f", from]],
  ["eth_signTypedData", [from, typed]],
  ["eth_signTypedData_v3", [from, typed]],
  ["eth_signTypedData_v4", [from, typed]],
];

let chain: FakeChain;
let server: RpcServer | undefined;
let port: number;
afterEach(() => server?.stop());

async function start(options: Partial<RpcOptions> = {}): Promise<void> {
  chain = createFakeChain({ data: createFakeData() });
  server = createRpcServer({ port: 0, ...options }, chain.deps);
  port = (await server.start()).port;
}

type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string };
type Answered = { status: number | undefined; headers: IncomingMessage["headers"]; text: string };

/** fetch would set Host itself. */
function ask({ method = "POST", path = "/", headers = {}, body }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers: { host: `127.0.0.1:${port}`, ...headers } }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
const rpcBody = (method: string, params: unknown[] = []) => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
const call = (headers: Record<string, string>, method: string, params: unknown[] = []) => ask({ headers, body: rpcBody(method, params) });

/** The message of a WebSocket's answer, or why there was none. */
function overSocket(headers: Record<string, string>, body: string): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { host: `127.0.0.1:${port}`, ...headers } });
  return new Promise((resolve) => {
    socket.once("open", () => socket.send(body));
    socket.once("message", (data) => {
      socket.terminate();
      resolve(String(data));
    });
    socket.once("unexpected-response", async (_, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve(`${answer.statusCode} ${Buffer.concat(chunks)}`);
    });
    socket.once("error", (error) => resolve(error.message));
  });
}

const FOREIGN: [string, Record<string, string>, string][] = [
  ["a name that was pointed here", { host: "evil.example:8545" }, "RPC_HOST_REFUSED"],
  ["a name that was pointed here, of the same origin", { host: "evil.example", origin: "http://evil.example" }, "RPC_HOST_REFUSED"],
  ["another site", { origin: EVIL }, "RPC_ORIGIN_REFUSED"],
  ["a sandboxed frame", { origin: "null" }, "RPC_ORIGIN_REFUSED"],
];

describe.each(FOREIGN)("%s", (_, headers, code) => {
  it.each(["application/json", "text/plain", "application/x-www-form-urlencoded"])("asks nothing by POST of %s", async (type) => {
    await start();
    const answer = await ask({ headers: { ...headers, "content-type": type }, body: rpcBody("eth_sendTransaction", [transaction]) });
    expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
    expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: "2.0", id: null, error: { code: 4100, data: { code } } });
    expect(answer.text).toContain(code === "RPC_HOST_REFUSED" ? "--hosts" : "--cors");
    expect(chain.pooled.size).toBe(0);
  });

  it("publishes and reads nothing, and gets no leave from a preflight", async () => {
    await start();
    expect(JSON.parse((await ask({ method: "PUT", path: "/da", headers, body: "x" })).text)).toMatchObject({ code });
    for (const path of ["/", "/livez", "/readyz", "/version", `/da/0x${"11".repeat(32)}`, "/nothing"])
      expect((await ask({ method: "GET", path, headers })).status, path).toBe(403);
    const preflight = { "access-control-request-method": "PUT", "access-control-request-private-network": "true" };
    const answer = await ask({ method: "OPTIONS", headers: { ...headers, ...preflight } });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((x) => x.startsWith("access-control"))).toEqual([]);
  });

  it("opens no WebSocket", async () => {
    await start();
    const answer = await overSocket(headers, rpcBody("eth_sendTransaction", [transaction]));
    expect(answer).toMatch(new RegExp(`^403 .*${code}.*--`));
    expect(chain.pooled.size).toBe(0);
  });
});

describe("a listed page", () => {
  it("reads and sends what its user signed, and neither signs nor publishes", async () => {
    await start({ cors: [EVIL] });
    const read = await call({ origin: EVIL }, "eth_chainId");
    expect([read.status, read.headers["access-control-allow-origin"], JSON.parse(read.text).result]).toEqual([200, EVIL, "0x7a69"]);
    for (const [method, params] of SIGNING) {
      const { error } = JSON.parse((await call({ origin: EVIL }, method, params)).text);
      expect([method, error.code, error.data.code, error.message]).toEqual([
        method,
        4100,
        "RPC_ORIGIN_REFUSED",
        expect.stringMatching(/\+sign/),
      ]);
    }
    const { raw } = JSON.parse((await call({}, "eth_signTransaction", [transaction])).text).result;
    expect(JSON.parse((await call({ origin: EVIL }, "eth_sendRawTransaction", [raw])).text).result).toMatch(/^0x[0-9a-f]{64}$/);
    const put = await ask({ method: "PUT", path: "/da", headers: { origin: EVIL }, body: "x" });
    expect([put.status, JSON.parse(put.text).code]).toEqual([403, "RPC_ORIGIN_REFUSED"]);
    expect((await call({ origin: "https://other.example" }, "eth_chainId")).status).toBe(403);
  });

  it("is answered for each request of a batch, over HTTP and WebSocket", async () => {
    await start({ cors: ["*"] });
    const requests = [...SIGNING, ["eth_chainId", []] as const].map(([method, params], id) => ({ jsonrpc: "2.0", id, method, params }));
    const notified = { jsonrpc: "2.0", method: "eth_sendTransaction", params: [transaction] };
    const body = JSON.stringify([...requests, notified]);
    for (const text of [(await ask({ headers: { origin: EVIL }, body })).text, await overSocket({ origin: EVIL }, body)]) {
      const answers = JSON.parse(text) as { result?: string; error?: { data: { code: string } } }[];
      expect(answers.map((x) => x.result ?? x.error?.data.code)).toEqual([...SIGNING.map(() => "RPC_ORIGIN_REFUSED"), "0x7a69"]);
    }
    expect(chain.pooled.size).toBe(0);
  });

  it("signs and publishes where its name says so", async () => {
    await start({ cors: ["*", `${EVIL}+sign`] });
    for (const [method, params] of SIGNING)
      expect(JSON.parse((await call({ origin: EVIL }, method, params)).text)).toHaveProperty("result");
    expect(JSON.parse(await overSocket({ origin: EVIL }, rpcBody("eth_sendTransaction", [transaction])))).toHaveProperty("result");
    expect((await ask({ method: "PUT", path: "/da", headers: { origin: EVIL }, body: "x" })).status).toBe(200);
    expect(chain.pooled.size).toBe(3);
  });
});

it("says once in the log who was refused, whatever the number of names", async () => {
  await start();
  const refused = () => chain.logs.filter((x) => x === "warn request refused").length;
  for (let i = 0; i < 3; i++) await call({ origin: EVIL }, "eth_chainId");
  expect(refused()).toBe(1);
  for (let i = 0; i < 50; i++) await call({ origin: `https://a${i}.example` }, "eth_chainId");
  expect(refused()).toBe(32);
});

describe("who is not foreign", () => {
  it("is every program, whatever it calls its body", async () => {
    await start();
    for (const type of [undefined, "application/json", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream"]) {
      const headers = type === undefined ? {} : { "content-type": type };
      expect(JSON.parse((await call(headers as Record<string, string>, "eth_sendTransaction", [transaction])).text)).toHaveProperty(
        "result",
      );
    }
    expect(JSON.parse(await overSocket({}, rpcBody("eth_sendTransaction", [transaction])))).toHaveProperty("result");
  });

  it("is a page of this machine, with a preflight of either kind", async () => {
    await start();
    const origin = "http://localhost:5173";
    const asked = { "access-control-request-method": "PUT", "access-control-request-headers": "content-type,x-viem" };
    const plain = await ask({ method: "OPTIONS", headers: { origin, ...asked } });
    expect([plain.status, plain.text]).toEqual([204, ""]);
    expect(plain.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": expect.stringContaining("PUT"),
      "access-control-allow-headers": "content-type,x-viem",
      vary: "origin",
    });
    expect(plain.headers).not.toHaveProperty("access-control-allow-private-network");
    const local = await ask({ method: "OPTIONS", headers: { origin, ...asked, "access-control-request-private-network": "true" } });
    expect(local.headers["access-control-allow-private-network"]).toBe("true");
    const sent = await call({ origin }, "eth_sendTransaction", [transaction]);
    expect([sent.headers["access-control-allow-origin"], JSON.parse(sent.text).result]).toEqual([origin, expect.stringMatching(/^0x/)]);
    expect((await ask({ method: "PUT", path: "/da", headers: { origin }, body: "x" })).status).toBe(200);
    expect(JSON.parse(await overSocket({ origin }, rpcBody("eth_sendTransaction", [transaction])))).toHaveProperty("result");
  });

  it("is who uses a name that the operator gave", async () => {
    await start({ hosts: ["node.example.com"] });
    expect((await call({ host: "node.example.com" }, "eth_chainId")).status).toBe(200);
    expect((await call({ host: "evil.example" }, "eth_chainId")).status).toBe(403);
  });
});

it("no answer can be framed, run as a script or embedded elsewhere", async () => {
  await start();
  const id = JSON.parse((await ask({ method: "PUT", path: "/da", body: "<script>" })).text).id;
  for (const path of ["/", "/livez", `/da/${id}`, "/nothing"]) {
    const { headers } = await ask({ method: "GET", path });
    expect(headers, path).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-site",
      "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
    });
  }
});
