import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import { startChain, testAddress } from "@noema/execution/testing/chain";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";

const [from, to] = [to0x(testAddress(0)), to0x(testAddress(1))];
const code = `0x${"cc".repeat(20)}`;
/** Reverts with nothing; stops at an opcode that is none. */
const [REVERTS, INVALID] = ["0x5f5ffd", "0xfe"];
let server: RpcServer;
beforeEach(async () => {
  const { service } = await startChain({ accounts: 2 });
  const { deps } = createFakeChain();
  const head = { height: 0, number: blockNumber(0) };
  const tags = () => ({ latest: head, safe: head, finalized: head });
  server = createRpcServer({ port: 0 }, { ...deps, execution: service, chain: { ...deps.chain, tags } });
});
afterEach(() => server.stop());
const simulate = (asked: unknown, block?: unknown) => resultOf(server, "eth_simulateV1", asked, block);
const errorOf = async (...params: unknown[]) => (await callRpc(server, "eth_simulateV1", ...params)).error;

it("shows blocks as eth_getBlockByNumber does, with what came of each call", async () => {
  const transfer = { from, to, value: "0x5" };
  const asked = {
    blockStateCalls: [
      { stateOverrides: { [code]: { code: REVERTS } }, calls: [transfer, { from, to: code }] },
      {
        blockOverrides: { number: "0x2", feeRecipient: to, prevRandao: "0x7" },
        stateOverrides: { [code]: { code: INVALID } },
        calls: [{ to: code }],
      },
    ],
    returnFullTransactions: true,
  };
  const [one, two] = await simulate(asked, "latest");
  const shape = Object.keys(await resultOf(server, "eth_getBlockByNumber", "0x0", true));
  expect(Object.keys(one).sort()).toEqual([...shape, "calls"].sort());
  expect(one.transactions[0]).toMatchObject({
    type: "0x2",
    from,
    to,
    value: "0x5",
    nonce: "0x0",
    blockHash: one.hash,
    r: "0x0",
    gasPrice: "0x0",
  });
  expect(one.calls[0]).toEqual({ returnData: "0x", logs: [], gasUsed: "0x5208", maxUsedGas: "0x5208", status: "0x1" });
  expect(one.calls[1]).toMatchObject({ status: "0x0", error: { code: 3, message: "execution reverted", data: "0x" } });
  expect(two).toMatchObject({ number: "0x2", parentHash: one.hash, miner: to, mixHash: `0x${"7".padStart(64, "0")}` });
  expect(two.calls[0]).toMatchObject({ status: "0x0", returnData: "0x", error: { code: -32015 } });
  const [{ transactions, hash }] = await simulate({ blockStateCalls: [asked.blockStateCalls[0]] });
  expect([transactions, hash]).toEqual([one.transactions.map((x: { hash: string }) => x.hash), one.hash]);
});

it("has execution-apis' numbers for what cannot be", async () => {
  const one = (calls: unknown[], more: object = {}) => errorOf({ blockStateCalls: [{ calls, ...more }], validation: true });
  const priced = { from, to, maxFeePerGas: "0x2540be400" };
  expect(await one([priced, { ...priced, nonce: "0x0" }])).toMatchObject({ code: -38010, data: { code: "TX_NONCE_TOO_LOW" } });
  expect(await one([{ ...priced, nonce: "0x1" }])).toMatchObject({ code: -38011 });
  expect(await one([{ from, to }])).toMatchObject({ code: -38012 });
  expect(await one([{ ...priced, gas: "0x1" }])).toMatchObject({ code: -38013 });
  expect(await one([{ ...priced, from: code }])).toMatchObject({ code: -38014 });
  expect(await one([{ ...priced, gas: "0xffffffffff" }])).toMatchObject({ code: -38015 });
  expect(await one([{ from, maxFeePerGas: "0x2540be400", data: `0x${"00".repeat(49_153)}` }])).toMatchObject({ code: -38025 });
  expect(await errorOf({ blockStateCalls: [{ blockOverrides: { number: "0x0" } }] })).toMatchObject({ code: -38020 });
  expect(await errorOf({ blockStateCalls: [{ blockOverrides: { time: "0x1" } }] })).toMatchObject({ code: -38021 });
  expect(await errorOf({ blockStateCalls: Array(257).fill({}) })).toMatchObject({ code: -38026 });
  expect(await errorOf({ blockStateCalls: [{ stateOverrides: { [to]: { movePrecompileToAddress: code } } }] })).toMatchObject({
    code: -32000,
  });
  expect(await errorOf({ blockStateCalls: [] })).toMatchObject({ code: -32602, message: "empty input" });
  expect(await errorOf({ blockStateCalls: [{ blockOverrides: { withdrawals: [{}] } }] })).toMatchObject({ code: -32602 });
  expect(await errorOf({ blockStateCalls: [{}] }, "0x5")).toMatchObject({ code: -32001 });
});

it("bounds the calls of all blocks together", async () => {
  const many = [Array(4999).fill({}), [{}, {}]];
  const refused = { code: -32602, message: expect.stringContaining("5001 calls in all") };
  expect(await errorOf({ blockStateCalls: many.map((calls) => ({ calls })) })).toMatchObject(refused);
  const { error } = await callRpc(server, "eth_callMany", Array(6).fill({ transactions: Array(999).fill({}) }));
  expect(error).toMatchObject({ code: -32602, message: expect.stringContaining("5994 calls in all") });
  expect((await callRpc(server, "eth_callMany", Array(100).fill({ transactions: [{ to }] }))).result).toHaveLength(100);
});

it("bounds the slots of all overrides together", async () => {
  const slots = (count: number) => ({
    stateDiff: Object.fromEntries(Array.from({ length: count }, (_, i) => [`0x${i.toString(16)}`, "0x1"])),
  });
  const overrides = (accounts: number) =>
    Object.fromEntries(Array.from({ length: accounts }, (_, i) => [to0x(testAddress(i)), slots(4000)]));
  const refused = { code: -32602, message: expect.stringContaining("20000 slots in all") };
  expect((await callRpc(server, "eth_call", { to }, "latest", overrides(5))).error).toMatchObject(refused);
  expect((await callRpc(server, "eth_call", { to }, "latest", overrides(4))).result).toBe("0x");
  expect(await errorOf({ blockStateCalls: Array(5).fill({ stateOverrides: overrides(1) }) })).toMatchObject(refused);
});

it("eth_call and eth_estimateGas run in a block with other fields", async () => {
  const over = { [code]: { code: "0x435f5260205ff3" } };
  const number = (n: string) => resultOf(server, "eth_call", { to: code }, "latest", over, { number: n });
  expect(await number("0x63")).toBe(`0x${"63".padStart(64, "0")}`);
  const loops = { [code]: { code: "0x435b6001900380600157" } }; // as often as its block's number
  const gas = (n: string) => resultOf(server, "eth_estimateGas", { to: code }, "latest", loops, { number: n });
  expect(Number(await gas("0x64")) - Number(await gas("0xa"))).toBeGreaterThan(90 * 20);
});
