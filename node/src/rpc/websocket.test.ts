import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { fromHex, to0x } from "@noema/core/bytes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { method } from "./json-rpc/method.ts";
import { createRpcServer, type RpcServer } from "./server.ts";
import { ACCOUNT, CONTRACT } from "./testing/fake-blocks.ts";
import { createFakeChain, type FakeChain } from "./testing/fake-chain.ts";
import { attachWebSocket, type WebSocketFace } from "./websocket.ts";
import { MAX_BUFFERED, MAX_HELD } from "./websocket-connection.ts";

const MAX_BODY = 10_000;
const MAX_CONNECTIONS = 2;
let chain: FakeChain;
let server: RpcServer;
let http: Server;
let face: WebSocketFace;
let port: number;
const open: WebSocket[] = [];

/** The face alone, with low limits, before what a server answers. */
beforeEach(async () => {
  chain = createFakeChain();
  server = createRpcServer({ port: 0 }, chain.deps);
  http = createServer();
  const limits = { maxBodyBytes: MAX_BODY, maxConnections: MAX_CONNECTIONS };
  face = attachWebSocket(http, server.dispatch, { ...limits, visitor: () => ({}) });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  port = (http.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  face.close();
  http.close();
  await server.stop();
});

type Message = { id?: number | null; result?: unknown; error?: { code: number }; params?: { subscription: string; result: unknown } };

/** A client whose messages are awaited one by one, in order. */
async function connect() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  open.push(socket);
  const waiting: ((m: Message) => void)[] = [];
  const arrived: Message[] = [];
  socket.on("message", (data) => {
    const message = JSON.parse(String(data)) as Message;
    const next = waiting.shift();
    if (next) next(message);
    else arrived.push(message);
  });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const next = () => new Promise<Message>((resolve) => (arrived.length > 0 ? resolve(arrived.shift() as Message) : waiting.push(resolve)));
  const call = (method: string, ...params: unknown[]) => {
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
    return next();
  };
  return { socket, next, call };
}

describe("WebSocket", () => {
  it("survives a client that is refused and resets its connection", async () => {
    await Promise.all([connect(), connect()]);
    const socket = new PassThrough();
    http.emit("upgrade", { headers: {} }, socket, Buffer.alloc(0));
    expect(String(socket.read())).toContain("503");
    expect(() => socket.emit("error", new Error("read ECONNRESET"))).not.toThrow();
  });

  it("refuses a handshake that is none, and one too many, in the form of its other errors", async () => {
    const answer = (headers: Record<string, string>) => {
      const socket = new PassThrough();
      http.emit("upgrade", { method: "GET", url: "/", headers: { host: "127.0.0.1", ...headers } }, socket, Buffer.alloc(0));
      return String(socket.read());
    };
    const wrong = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "1", "sec-websocket-key": "x" };
    for (const headers of [wrong, { ...wrong, "sec-websocket-version": "13" }])
      expect(answer(headers)).toMatch(/^HTTP\/1\.1 400 .*application\/json.*\{"code":"RPC_HTTP_INVALID","message":"bad request"\}$/s);
    await Promise.all([connect(), connect()]);
    expect(answer(wrong)).toMatch(/^HTTP\/1\.1 503 .*\{"code":"RPC_HTTP_INVALID","message":"service unavailable"\}$/s);
  });

  it("announces heads, logs and pending transactions, until unsubscribed", async () => {
    const { call, next } = await connect();
    const heads = (await call("eth_subscribe", "newHeads")).result as string;
    const logs = (await call("eth_subscribe", "logs", { address: to0x(CONTRACT) })).result;
    const others = (await call("eth_subscribe", "logs", { address: to0x(ACCOUNT.address) })).result;
    const pending = (await call("eth_subscribe", "newPendingTransactions")).result;
    expect(new Set([heads, logs, others, pending]).size).toBe(4);
    const first = await call("eth_sendTransaction", { from: to0x(ACCOUNT.address), to: to0x(CONTRACT) });
    const sent = await next();
    const [announced, hash] = first.params ? [first, sent.result] : [sent, first.result];
    expect(announced.params).toEqual({ subscription: pending, result: hash });
    chain.mine();
    expect((await next()).params).toMatchObject({ subscription: heads, result: { number: "0x1", baseFeePerGas: "0x3b9aca00" } });
    expect((await next()).params).toMatchObject({ subscription: logs, result: { transactionHash: hash, removed: false } });
    expect((await call("eth_unsubscribe", heads)).result).toBe(true);
    expect((await call("eth_unsubscribe", heads)).error?.code).toBe(-32000);
    chain.mine([]);
    expect((await call("eth_blockNumber")).result).toBe("0x2"); // and no head before it
  });

  it("answers with a subscription's id before what it announces", async () => {
    const { socket, next } = await connect();
    const request = (id: number, method: string, ...params: unknown[]) => ({ jsonrpc: "2.0", id, method, params });
    const transfer = { from: to0x(ACCOUNT.address), to: to0x(CONTRACT) };
    const batch = [request(1, "eth_subscribe", "newPendingTransactions"), request(2, "eth_sendTransaction", transfer)];
    socket.send(JSON.stringify(batch));
    const [subscribed, sent] = (await next()) as unknown as [Message, Message];
    expect((await next()).params).toEqual({ subscription: subscribed.result, result: sent.result });
  });

  it("closes rather than holding back notifications without end", async () => {
    const own = createFakeChain();
    const transfer = { from: to0x(ACCOUNT.address), to: to0x(CONTRACT) };
    const flood = async () => {
      await other.dispatch(JSON.stringify({ jsonrpc: "2.0", method: "eth_sendTransaction", params: [transfer] }));
      const [pooled] = own.pooled.values();
      for (let i = 0; i < MAX_HELD; i++) await own.deps.pool.addAll([pooled?.tx.raw as Uint8Array], "local");
    };
    const module = { name: "test", methods: { test_flood: method([], flood) } };
    const other = createRpcServer({ port: 0, modules: [() => module] }, own.deps);
    port = (await other.start()).port;
    const { socket } = await connect();
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    const request = (id: number, method: string, ...params: string[]) => ({ jsonrpc: "2.0", id, method, params });
    socket.send(JSON.stringify([request(1, "eth_subscribe", "newPendingTransactions"), request(2, "test_flood")]));
    expect(await closed).toBe(1013);
    await other.stop();
  });

  it("tells when the node begins and ends to sync", async () => {
    const { call, next } = await connect();
    const id = (await call("eth_subscribe", "syncing")).result as string;
    expect((await next()).params).toEqual({ subscription: id, result: false });
    chain.mine([]); // nothing new
    chain.status.value = { ...chain.status.value, state: "syncing", highestHeight: 90 };
    chain.mine([]);
    const status = { startingBlock: "0x0", currentBlock: "0x2", highestBlock: "0x5a" };
    expect((await next()).params).toEqual({ subscription: id, result: { syncing: true, status } });
    chain.status.value = { ...chain.status.value, state: "synced" };
    chain.mine([]);
    expect((await next()).params).toEqual({ subscription: id, result: false });
    chain.mine([]);
    expect((await call("eth_blockNumber")).result).toBe("0x4"); // and nothing before it
  });

  it("answers garbage and messages above the limit with errors and goes on", async () => {
    const { socket, call, next } = await connect();
    socket.send("{garbage");
    expect((await next()).error?.code).toBe(-32700);
    socket.send("x".repeat(MAX_BODY + 1));
    expect((await next()).error?.code).toBe(-32005);
    expect((await call("eth_subscribe", "nothing")).error?.code).toBe(-32602);
    expect((await call("eth_chainId")).result).toBe("0x7a69");
  });

  it("bounds subscriptions and connections, and frees them when a client is gone", async () => {
    const { socket, call } = await connect();
    for (let i = 0; i < 100; i++) await call("eth_subscribe", "newHeads");
    expect((await call("eth_subscribe", "newHeads")).error?.code).toBe(-32005);
    await connect();
    await expect(connect()).rejects.toThrow("503");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.close();
    await closed;
  });

  it("closes a client that does not read, instead of buffering without end", async () => {
    const { socket, call } = await connect();
    await call("eth_subscribe", "newPendingTransactions", true);
    const raw = fromHex(
      (
        (await call("eth_signTransaction", { from: to0x(ACCOUNT.address), to: to0x(CONTRACT), data: `0x${"00".repeat(4000)}` })).result as {
          raw: string;
        }
      ).raw,
    );
    socket.pause();
    const closed = new Promise<number>((resolve) => socket.once("close", resolve));
    const bytesOfOne = 8000;
    for (let i = 0; i < (2 * MAX_BUFFERED) / bytesOfOne; i++) await chain.deps.pool.addAll([raw], "local");
    socket.resume();
    expect(await closed).toBe(1013);
  });

  it("says over HTTP that subscriptions need a WebSocket", async () => {
    const answer = JSON.parse((await server.dispatch('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}')) as string);
    expect(answer.error).toMatchObject({ code: -32004, data: { code: "RPC_NEEDS_WEBSOCKET" } });
  });
});
