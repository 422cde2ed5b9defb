/** Otterscan's API over blocks that were executed. */
import { blockNumber } from "@noema/core/block-number";
import { to0x } from "@noema/core/bytes";
import { signedTx, testAddress } from "@noema/execution/testing/chain";
import { decodeTransaction } from "@noema/execution/transactions/decode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { createFakeChain } from "../../testing/fake-chain.ts";
import { serveTracedChain } from "../../testing/traced-chain.ts";

const at = (last: string) => `0x${last.padStart(40, "0")}` as const;
/** Gives 1 wei to GETTER, makes a contract, and delegates to GETTER. */
const CALLER = at("c1");
const GETTER = at("c2");
/** Reverts with 32 zero bytes. */
const REVERTER = at("c3");
/** MSTORE of code 0x00, CREATE of the 1 byte that is returned: PUSH1 1, PUSH0, RETURN. */
const MAKE = `63${"60015ff3"}5f526004601c5ff050`;
const alloc = {
  [CALLER]: { code: `0x5f5f5f5f600160c25af150${MAKE}5f5f5f5f60c25af45000` },
  [GETTER]: { code: "0x00" },
  [REVERTER]: { code: "0x60205ffd" },
};
const to = (n: number) => to0x(testAddress(n)) as `0x${string}`;
const calls = signedTx(0, { nonce: 0n, to: CALLER, value: 3n, gasLimit: 300_000n });
const fails = signedTx(1, { nonce: 0n, to: REVERTER });
const transfer = signedTx(2, { nonce: 0n, to: to(3), value: 5n });
const hashOf = (raw: Uint8Array) => to0x(decodeTransaction(raw).hash);

let server: RpcServer;
beforeAll(async () => {
  server = await serveTracedChain({ alloc }, [[calls, fails], [], [transfer], [signedTx(2, { nonce: 1n, to: GETTER })]]);
});
afterAll(() => server.stop());

const ask = (method: string, ...params: unknown[]) => resultOf(server, method, ...params);

it("knows its level, code, and who made a contract", async () => {
  expect(await ask("ots_getApiLevel")).toBe(8);
  expect([await ask("ots_hasCode", CALLER), await ask("ots_hasCode", to(1), "latest")]).toEqual([true, false]);
  const [, , made] = await ask("ots_traceTransaction", hashOf(calls));
  expect(made.type).toBe("CREATE");
  expect(await ask("ots_getContractCreator", made.to)).toEqual({ hash: hashOf(calls), creator: CALLER });
  expect([await ask("ots_getContractCreator", to(1)), await ask("ots_getContractCreator", CALLER)]).toEqual([null, null]);
});

it("tells what a transaction called, moved and failed with", async () => {
  const shown = await ask("ots_traceTransaction", hashOf(calls));
  expect(shown.map((x: { type: string; depth: number; value: string | null }) => [x.type, x.depth, x.value])).toEqual([
    ["CALL", 0, "0x3"],
    ["CALL", 1, "0x1"],
    ["CREATE", 1, "0x0"],
    ["DELEGATECALL", 1, null],
  ]);
  expect(await ask("ots_getInternalOperations", hashOf(calls))).toEqual([
    { type: 0, from: CALLER, to: GETTER, value: "0x1" },
    { type: 2, from: CALLER, to: shown[2].to, value: "0x0" },
  ]);
  expect(await ask("ots_getTransactionError", hashOf(fails))).toBe(`0x${"00".repeat(32)}`);
  expect(await ask("ots_getTransactionError", hashOf(calls))).toBe("0x");
  expect(await ask("ots_getTransactionBySenderAndNonce", to(2), 0)).toBe(hashOf(transfer));
  expect(await ask("ots_getTransactionBySenderAndNonce", to(2), 9)).toBe(null);
});

it("tells a block's sums, and its transactions by pages", async () => {
  const { block, issuance, totalFees } = await ask("ots_getBlockDetails", "0x1");
  expect([block.transactionCount, block.logsBloom, issuance.issuance]).toEqual([2, null, "0x0"]);
  expect(block).not.toHaveProperty("transactions");
  const receipts = await ask("eth_getBlockReceipts", "0x1");
  const fees = receipts.reduce(
    (sum: bigint, x: { gasUsed: string; effectiveGasPrice: string }) => sum + BigInt(x.gasUsed) * BigInt(x.effectiveGasPrice),
    0n,
  );
  expect(BigInt(totalFees)).toBe(fees);
  expect(await ask("ots_getBlockDetailsByHash", block.hash)).toEqual(await ask("ots_getBlockDetails", "0x1"));
  const second = await ask("ots_getBlockTransactions", "0x1", 1, 1);
  expect(second.fullblock.transactions.map((x: { hash: string }) => x.hash)).toEqual([hashOf(fails)]);
  expect(second.receipts).toMatchObject([{ transactionHash: hashOf(fails), logs: null }]);
});

it("finds the transactions that an address is part of, also deep in their calls", async () => {
  const hashes = (page: { txs: { hash: string }[] }) => page.txs.map((x) => x.hash);
  const newest = await ask("ots_searchTransactionsBefore", GETTER, 0, 1);
  expect([newest.txs.length, newest.firstPage, newest.lastPage]).toEqual([1, true, false]);
  const older = await ask("ots_searchTransactionsBefore", GETTER, 4, 5);
  expect([hashes(older), older.firstPage, older.lastPage]).toEqual([[hashOf(calls)], false, true]);
  expect(older.receipts[0].timestamp).toBeTypeOf("number");
  const oldest = await ask("ots_searchTransactionsAfter", GETTER, 0, 1);
  expect([hashes(oldest), oldest.firstPage, oldest.lastPage]).toEqual([[hashOf(calls)], false, true]);
  const rest = await ask("ots_searchTransactionsAfter", to(3), 1, 5);
  expect([hashes(rest), rest.firstPage, rest.lastPage]).toEqual([[hashOf(transfer)], true, false]);
  expect((await ask("ots_searchTransactionsBefore", at("99"), 0, 5)).txs).toEqual([]);
});

it("says what there is not", async () => {
  expect((await callRpc(server, "ots_getBlockDetails", "0x99")).error).toMatchObject({ code: -32001 });
  expect((await callRpc(server, "ots_traceTransaction", `0x${"11".repeat(32)}`)).error).toMatchObject({
    data: { code: "RPC_TRANSACTION_UNKNOWN" },
  });
});

it("looks at so many headers of an idle chain and no more, and says where to go on", async () => {
  const { deps } = createFakeChain();
  const [idle] = await deps.execution.headers(blockNumber(0), blockNumber(0));
  const head = { height: 5_000_000, number: blockNumber(5_000_000) };
  let read = 0;
  const headers: typeof deps.execution.headers = async (from, to) => {
    read += to - from + 1;
    return Array.from({ length: to - from + 1 }, (_, i) => ({ ...(idle as NonNullable<typeof idle>), number: blockNumber(from + i) }));
  };
  const chain = { ...deps.chain, tags: () => ({ latest: head, safe: head, finalized: head }) };
  const fake = await createRpcServer({ port: 0 }, { ...deps, chain, execution: { ...deps.execution, headers } });
  const goOn = async (method: string, from: number) => (await callRpc(fake, method, GETTER, from, 5)).error;
  expect(await goOn("ots_searchTransactionsBefore", 0)).toMatchObject({ data: { code: "RPC_LIMIT", block: 4_900_000 } });
  expect(await goOn("ots_searchTransactionsAfter", 7)).toMatchObject({ data: { code: "RPC_LIMIT", block: 100_008 } });
  expect(read).toBeLessThan(201_000);
  await fake.stop();
});
