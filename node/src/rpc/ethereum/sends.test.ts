/** When a send is answered. The fake chain makes a block when the test says so, and its clock stands until it is moved. */
import { to0x } from "@noema/core/bytes";
import { createSimClock } from "@noema/core/testing/sim-clock";
import { afterEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../server.ts";
import { callRpc, post, resultOf } from "../testing/call.ts";
import { ACCOUNT, CONTRACT } from "../testing/fake-blocks.ts";
import { createFakeChain } from "../testing/fake-chain.ts";

const from = to0x(ACCOUNT.address);
const to = to0x(CONTRACT);
const TOLD = `0x${"11".repeat(32)}`;
let server: RpcServer;
afterEach(() => server.stop());

function start(sendWaitMs: number) {
  const chain = createFakeChain({ sendWaitMs });
  const clock = createSimClock();
  server = createRpcServer({ port: 0 }, { ...chain.deps, clock });
  return { chain, clock };
}

/** What has settled once everything that can happen by itself has. */
async function quiet(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

function watched<T>(promise: Promise<T>) {
  const state = { done: false, promise };
  promise.finally(() => {
    state.done = true;
  });
  return state;
}

const send = (nonce?: string) => resultOf(server, "eth_sendTransaction", { from, to, value: "0x1", ...(nonce && { nonce }) });

it("waits until the transaction is in `latest`, and the receipt is there then", async () => {
  const { chain } = start(1_000);
  const sending = watched(send());
  await quiet();
  expect(sending.done).toBe(false);
  chain.mine();
  expect(await resultOf(server, "eth_getTransactionReceipt", await sending.promise)).toMatchObject({ status: "0x1" });
});

it("waits no longer than it may, and not at all when it may not", async () => {
  const { clock } = start(1_000);
  const sending = watched(send());
  await quiet();
  clock.advance(999);
  await quiet();
  expect(sending.done).toBe(false);
  clock.advance(1);
  expect(await sending.promise).toMatch(/^0x/);
  await server.stop();
  start(0);
  expect(await send()).toMatch(/^0x/);
});

it("does not wait for what cannot execute now", async () => {
  start(1_000);
  expect(await send("0x5")).toMatch(/^0x/);
});

it("is released by a block that leaves it behind a gap", async () => {
  const { chain } = start(1_000);
  const sending = watched(send());
  await quiet();
  expect(sending.done).toBe(false);
  chain.mine([]); // the pool of the fake forgets what a block did not take
  expect(await sending.promise).toMatch(/^0x/);
});

it("answers the sends of one batch together, in order, and what stands between them at once", async () => {
  const { chain } = start(1_000);
  const request = (id: number, method: string, params: unknown[]) => ({ jsonrpc: "2.0", id, method, params });
  const sends = [0, 1, 2].map((id) => request(id, "eth_sendTransaction", [{ from, to, value: "0x1" }]));
  const read = request(9, "eth_blockNumber", []); // ethers puts one before each send
  const batch = watched(post(server, JSON.stringify(sends.flatMap((x) => [read, x]))));
  await quiet();
  expect(batch.done).toBe(false);
  expect(chain.pooled.size, "all three share a block").toBe(3);
  chain.mine();
  const answers = (await batch.promise) as { id: number; result: string }[];
  expect(answers.map((x) => x.id)).toEqual([9, 0, 9, 1, 9, 2]);
  expect(answers.at(-2)?.result).toBe("0x0");
});

it("accepts the raw transactions of one batch in order, whatever becomes of each, and answers them together", async () => {
  const { chain } = start(1_000);
  const raws: string[] = [];
  for (const nonce of ["0x0", "0x1", "0x2"])
    raws.push((await resultOf(server, "eth_signTransaction", { from, to, value: "0x1", nonce, gas: "0x5208" })).raw);
  const seen: string[][] = [];
  const { addAll } = chain.deps.pool;
  chain.deps.pool.addAll = (raws, origin) => {
    seen.push(raws.map(to0x));
    return addAll(raws, origin);
  };
  const sent = [raws[0], raws[1], "0x", "0xc0", raws[2]];
  const requests = sent.map((raw, id) => ({ jsonrpc: "2.0", id, method: "eth_sendRawTransaction", params: [raw] }));
  const batch = watched(post(server, JSON.stringify(requests)));
  await quiet();
  expect([batch.done, chain.pooled.size]).toEqual([false, 3]);
  expect(seen).toEqual([[raws[0], raws[1], "0xc0", raws[2]]]);
  chain.mine();
  const answers = (await batch.promise) as { id: number; result?: string; error?: { code: number } }[];
  expect(answers.map((x) => x.id)).toEqual([0, 1, 2, 3, 4]);
  expect(answers.map((x) => x.result !== undefined)).toEqual([true, true, false, false, true]);
  expect(answers[2]?.error?.code).toBe(-32602);
});

it("does not miss a block that comes while the send is being accepted", async () => {
  const { chain } = start(1_000);
  const { addAll } = chain.deps.pool;
  chain.deps.pool.addAll = async (raws, origin) => {
    const outcomes = await addAll(raws, origin);
    chain.mine();
    return outcomes;
  };
  expect(await send()).toMatch(/^0x/);
});

it("answers who waits when the server stops", async () => {
  start(1_000);
  const sending = watched(send());
  await quiet();
  await server.stop();
  await quiet();
  expect(sending.done).toBe(true);
});

it("answers the receipt of a new block without asking for it, and that of an old one by asking", async () => {
  const { chain } = start(1_000);
  const asked: unknown[] = [];
  const { receipt } = chain.deps.execution;
  chain.deps.execution.receipt = (hash) => {
    asked.push(hash);
    return receipt(hash);
  };
  const sending = send();
  await quiet();
  chain.mine();
  const hash = await sending;
  const fresh = await resultOf(server, "eth_getTransactionReceipt", hash);
  expect(asked).toEqual([]);
  for (let i = 0; i < 16; i++) chain.mine([]);
  expect(await resultOf(server, "eth_getTransactionReceipt", hash)).toEqual(fresh);
  expect(asked).toHaveLength(1);
});

const raw = async (nonce?: string) => (await resultOf(server, "eth_signTransaction", { from, to, ...(nonce && { nonce }) })).raw;
const sync = async (tx: string, ...more: unknown[]) => callRpc(server, "eth_sendRawTransactionSync", tx, ...more);

it("eth_sendRawTransactionSync answers with the receipt, whatever a send waits for", async () => {
  const { chain } = start(0);
  const sending = watched(sync(await raw()));
  await quiet();
  expect(sending.done).toBe(false);
  chain.mine();
  const { result } = (await sending.promise) as { result: { transactionHash: string } };
  expect(result).toEqual(await resultOf(server, "eth_getTransactionReceipt", result.transactionHash));
});

it("eth_sendRawTransactionSync says with the hash that no block had it in time, and what it lacks", async () => {
  const { clock } = start(0);
  const [first, third] = [await raw(), await raw("0x5")];
  const sending = watched(sync(first, 500));
  await quiet();
  clock.advance(499);
  await quiet();
  expect(sending.done).toBe(false);
  clock.advance(1);
  expect((await sending.promise).error).toMatchObject({ code: 4, data: expect.stringMatching(/^0x[0-9a-f]{64}$/) });
  expect((await sync(third)).error).toMatchObject({ code: 5, message: expect.stringContaining("a nonce before it is missing") });
  const long = watched(sync(await raw("0x1"), 70_000)); // more than it may: as without
  await quiet();
  clock.advance(2_000);
  expect((await long.promise).error).toMatchObject({ code: 4 });
  expect((await sync("0x02c0")).error).toMatchObject({ code: -32000 });
});

it("a wait ends with the reason for which no block can have it", async () => {
  const { chain } = start(1_000);
  const skip = (hash: string) => {
    const reason = { code: "SKIP_SENDER_CODE", message: "the sender has code" };
    chain.fates.set(hash, { state: "dropped", reason });
    chain.mine([]);
  };
  const sending = watched(callRpc(server, "eth_sendTransaction", { from, to }));
  await quiet();
  const [hash] = chain.pooled.keys();
  skip(hash as string);
  expect((await sending.promise).error).toMatchObject({ code: -32000, data: { code: "SKIP_SENDER_CODE", hash } });
  const waiting = watched(sync(await raw()));
  await quiet();
  skip([...chain.pooled.keys()][0] as string);
  expect((await waiting.promise).error).toMatchObject({
    code: 5,
    message: expect.stringContaining("SKIP_SENDER_CODE: the sender has code"),
  });
});

it("noema_getTransactionStatus knows each stage of a transaction", async () => {
  const { chain } = start(0);
  const status = (hash: string) => resultOf(server, "noema_getTransactionStatus", hash);
  const [hash, gap] = [await send(), await send("0x7")];
  expect(await status(hash)).toEqual({ status: "pending", inFlight: false });
  expect(await status(gap)).toMatchObject({
    status: "queued",
    reason: { code: "SKIP_NONCE_TOO_HIGH", means: expect.any(String), remedy: expect.any(String) },
  });
  chain.mine();
  expect(await status(hash)).toMatchObject({ status: "included", blockNumber: "0x1", transactionIndex: "0x0", ok: true });
  chain.mine([]);
  expect((await status(hash)).status).toBe("final");
  chain.fates.set(TOLD, { state: "dropped", reason: { code: "POOL_REPLACED", message: "x", replacedBy: new Uint8Array(32) } });
  expect(await status(TOLD)).toMatchObject({ status: "dropped", reason: { code: "POOL_REPLACED", replacedBy: `0x${"00".repeat(32)}` } });
  expect(await status(`0x${"22".repeat(32)}`)).toBeNull();
});
