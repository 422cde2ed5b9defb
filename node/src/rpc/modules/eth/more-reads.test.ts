/** What few clients ask: rules of the chain, headers alone, many slots at once, the pool as Hardhat shows it. */
import { to0x } from "@noema/core/bytes";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { ACCOUNT, CONTRACT } from "../../testing/fake-blocks.ts";
import { createFakeChain, type FakeChain } from "../../testing/fake-chain.ts";

const [from, to] = [to0x(ACCOUNT.address), to0x(CONTRACT)];
let chain: FakeChain;
let server: RpcServer;
beforeEach(() => {
  chain = createFakeChain();
  server = createRpcServer({ port: 0 }, chain.deps);
});
afterEach(() => server.stop());
const ask = (method: string, ...params: unknown[]) => resultOf(server, method, ...params);
const errorOf = async (method: string, ...params: unknown[]) => (await callRpc(server, method, ...params)).error;

it("eth_config tells the rules in EIP-7910's words and order", async () => {
  const { current, next, last } = await ask("eth_config");
  expect([next, last]).toEqual([null, null]);
  expect(current).toMatchObject({
    activationTime: 0,
    chainId: "0x7a69",
    blobSchedule: { baseFeeUpdateFraction: 5007716, max: 9, target: 6 },
  });
  expect(current.forkId).toMatch(/^0x[0-9a-f]{8}$/);
  expect(Object.keys(current.precompiles)).toEqual(Object.keys(current.precompiles).sort());
  expect(current.precompiles).toMatchObject({ P256VERIFY: `0x${"100".padStart(40, "0")}`, INFER: `0x${"a01".padStart(40, "0")}` });
  expect(Object.keys(current.systemContracts)).toEqual(["BEACON_ROOTS_ADDRESS", "HISTORY_STORAGE_ADDRESS"]);
});

it("of an early fork eth_config has neither blobs nor system contracts", async () => {
  const london = createRpcServer({ port: 0 }, { ...createFakeChain().deps, fork: "london" });
  const { current } = await resultOf(london, "eth_config");
  expect(current).toMatchObject({ systemContracts: {} });
  expect(current).not.toHaveProperty("blobSchedule");
  expect(current.precompiles).not.toHaveProperty("KZG_POINT_EVALUATION");
  await london.stop();
});

it("gives a header without its block", async () => {
  const { block } = chain.mine([]);
  const { transactions, uncles, size, withdrawals, ...header } = await ask("eth_getBlockByNumber", "0x1", false);
  expect([transactions, uncles, withdrawals, size]).toEqual([[], [], [], "0x258"]);
  expect(await ask("eth_getHeaderByNumber", "latest")).toEqual(header);
  expect(await ask("eth_getHeaderByHash", to0x(block.hash))).toEqual(header);
  expect(await ask("erigon_getHeaderByNumber", "0x1")).toEqual(header);
  expect(await ask("eth_getHeaderByNumber", "pending")).toMatchObject({ hash: null, number: "0x2", parentHash: header.hash });
  expect(await ask("eth_getHeaderByNumber", "0x9")).toBeNull();
});

it("reads many slots and an account with its code at once", async () => {
  const [one, two] = ["1", "2"].map((n) => `0x${n.padStart(64, "0")}`);
  expect(await ask("eth_getStorageValues", { [to]: [one, "0x2"], [from]: [two] }, "latest")).toEqual({ [to]: [one, two], [from]: [two] });
  expect(await ask("eth_getStorageValues", { [to]: ["0x1"] })).toEqual({ [to]: [one] });
  expect(await errorOf("eth_getStorageValues", {}, "latest")).toMatchObject({ code: -32602, message: "empty request" });
  const many = (length: number) => Array.from({ length }, (_, i) => `0x${i.toString(16)}`);
  expect(await errorOf("eth_getStorageValues", { [to]: many(1000), [from]: many(25) })).toMatchObject({ code: -32602 });
  expect(await ask("eth_getAccountInfo", to)).toEqual({ balance: "0x0", nonce: "0x0", code: "0x6001" });
});

it("tells the next base fee, and what the pool holds", async () => {
  expect(await ask("eth_baseFee")).toBe("0x3b9aca00");
  const hash = await ask("eth_sendTransaction", { from, to });
  expect(await ask("eth_pendingTransactions")).toMatchObject([{ hash, from, to, blockHash: null }]);
});
