/** trace_* over blocks that were executed. */
import { to0x } from "@noema/core/bytes";
import { signedTx, testAddress } from "@noema/execution/testing/chain";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, post, resultOf } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";
import { serveTracedChain } from "../../testing/traced-chain.ts";

/** Calls STORE, then makes an empty contract. */
const CALLER = `0x${"c1".padStart(40, "0")}` as const;
/** Adds 1 to slot 0. */
const STORE = `0x${"c2".padStart(40, "0")}` as const;
const alloc = { [CALLER]: { code: "0x5f5f5f5f5f60c25af1505f5f5ff000" }, [STORE]: { code: "0x5f546001015f5500" } };
const to = (n: number) => to0x(testAddress(n));
const call = signedTx(0, { nonce: 0n, to: CALLER, gasLimit: 300_000n });
const transfer = signedTx(1, { nonce: 0n, to: to(2) as `0x${string}`, value: 5n });
const hashOf = (raw: Uint8Array) => to0x(decodeTransaction(raw).hash);

let server: RpcServer;
beforeAll(async () => {
  server = await serveTracedChain({ alloc }, [[call, transfer], [], [signedTx(1, { nonce: 1n, to: STORE })]]);
});
afterAll(() => server.stop());

it("lists the frames of a transaction with their place", async () => {
  const frames = await resultOf(server, "trace_transaction", hashOf(call));
  const place = { blockNumber: 1, transactionHash: hashOf(call), transactionPosition: 0 };
  expect(frames).toMatchObject([
    { ...place, type: "call", traceAddress: [], subtraces: 2, action: { from: to(0), to: CALLER, callType: "call", value: "0x0" } },
    { ...place, type: "call", traceAddress: [0], subtraces: 0, action: { from: CALLER, to: STORE }, result: { output: "0x" } },
    { ...place, type: "create", traceAddress: [1], action: { from: CALLER, init: "0x", creationMethod: "create" } },
  ]);
  expect(frames[2].result.address).toMatch(/^0x[0-9a-f]{40}$/);
  expect(await resultOf(server, "trace_transaction", `0x${"11".repeat(32)}`)).toBe(null);
});

it("lists those of a block, and those of a range that match", async () => {
  const all = await resultOf(server, "trace_block", "0x1");
  expect(all.map((x: { transactionPosition: number }) => x.transactionPosition)).toEqual([0, 0, 0, 1]);
  expect(await resultOf(server, "trace_block", "0x2")).toEqual([]);
  const found = (filter: object) => resultOf(server, "trace_filter", filter);
  expect(await found({ toAddress: [STORE] })).toMatchObject([{ blockNumber: 1 }, { blockNumber: 3 }]);
  expect(await found({ fromAddress: [to(1)], toAddress: [STORE], mode: "intersection" })).toMatchObject([{ blockNumber: 3 }]);
  expect(await found({ after: 3, count: 1 })).toEqual([all[3]]);
  expect(await found({ fromBlock: "0x2", toBlock: "0x2" })).toEqual([]);
});

it("runs again what a transaction returned, called and changed", async () => {
  const replayed = await resultOf(server, "trace_replayTransaction", hashOf(transfer), ["trace", "stateDiff"]);
  expect(replayed).toMatchObject({ output: "0x", vmTrace: null, trace: [{ type: "call" }] });
  expect(replayed.trace[0]).not.toHaveProperty("blockNumber");
  const { balance, nonce } = replayed.stateDiff[to(1)];
  expect(nonce).toEqual({ "*": { from: "0x0", to: "0x1" } });
  expect(BigInt(balance["*"].from) - BigInt(balance["*"].to)).toBeGreaterThan(5n);
  expect(replayed.stateDiff[to(2)].nonce).toBe("=");
  const block = await resultOf(server, "trace_replayBlockTransactions", "0x1", ["stateDiff"]);
  expect(block.map((x: { transactionHash: string }) => x.transactionHash)).toEqual([hashOf(call), hashOf(transfer)]);
  const slot = { "*": { from: `0x${"0".repeat(64)}`, to: `0x${"1".padStart(64, "0")}` } };
  expect(block[0].stateDiff[STORE].storage).toEqual({ [`0x${"0".repeat(64)}`]: slot });
  const called = await resultOf(server, "trace_call", { to: STORE }, ["trace"], "latest");
  expect(called).toMatchObject({ stateDiff: null, trace: [{ action: { to: STORE } }] });
});

it("says what it does not do", async () => {
  const { error } = await callRpc(server, "trace_replayTransaction", hashOf(call), ["vmTrace"]);
  expect(error).toMatchObject({ code: -32602 });
  expect((await callRpc(server, "trace_filter", { fromBlock: "0x3", toBlock: "0x1" })).error).toMatchObject({ code: -32602 });
  expect((await callRpc(server, "trace_replayTransaction", `0x${"11".repeat(32)}`, [])).error).toMatchObject({ code: -32000 });
});

it("passes over what comes before the page, and holds no more than the page, however many frames a block has", async () => {
  const { deps } = createFakeChain();
  const frames = Array.from({ length: 200_000 }, (_, i) => i);
  const trace: typeof deps.execution.trace = async () => [{ result: JSON.stringify(frames) }, { result: JSON.stringify([-1, -2]) }];
  const fake = await createRpcServer({ port: 0 }, { ...deps, execution: { ...deps.execution, trace } });
  /** Not judged: numbers stand for frames. */
  const found = async (after: number, count: number) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "trace_filter", params: [{ after, count }] });
    return ((await post(fake, body)) as { result: unknown }).result;
  };
  expect([await found(199_999, 2), await found(200_001, 9), await found(200_002, 1), await found(0, 0)]).toEqual([
    [199_999, -1],
    [-2],
    [],
    [],
  ]);
  await fake.stop();
});
