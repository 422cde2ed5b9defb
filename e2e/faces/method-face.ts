/** Every method that tools ask a devnet for, one value of each: what is missing here is missing in a client. */
import { fromHex, to0x } from "@noema/core/bytes";
import { keccak256 } from "@noema/core/hash";
import { describe, expect, it } from "vitest";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { DEV } from "./dev-method-rows.ts";
import { type Facts, has, hash, is, none, ONE, quantity, Refused, type Row, refused, ZERO } from "./method-row.ts";

/** Deploys code that emits its calldata's first word and returns 42. */
const EMITTER = "0x6010600c60003960106000f35f355f5fa1602a5f5260205ff300000000";

const ANSWER = { value: `0x${"2a".padStart(64, "0")}` };
const DOCUMENT = {
  types: { EIP712Domain: [{ name: "name", type: "string" }], Mail: [{ name: "text", type: "string" }] },
  primaryType: "Mail",
  domain: { name: "mail" },
  message: { text: "hello" },
};

const CHAIN: Row[] = [
  ["web3_clientVersion", none, expect.stringMatching(/^anvil\/v\S+ \(noema\//)],
  ["web3_sha3", () => ["0x"], "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"],
  ["rpc_modules", none, has({ eth: "1.0", debug: "1.0", anvil: "1.0", hardhat: "1.0", evm: "1.0" })],
  ["net_version", none, "31337"],
  ["net_listening", none, true],
  ["net_peerCount", none, "0x0"],
  ["eth_chainId", none, "0x7a69"],
  ["eth_syncing", none, false],
  ["eth_coinbase", none, expect.stringMatching(/^0x[0-9a-f]{40}$/)],
  ["eth_mining", none, true],
  ["eth_hashrate", none, "0x0"],
  ["eth_protocolVersion", none, quantity],
  ["eth_accounts", none, is((f) => expect.arrayContaining([f.a, f.b]))],
  ["eth_config", none, has({ current: has({ chainId: "0x7a69" }), next: null, last: null })],
  ["eth_gasPrice", none, quantity],
  ["eth_baseFee", none, quantity],
  ["eth_maxPriorityFeePerGas", none, "0x3b9aca00"],
  ["eth_blobBaseFee", none, "0x1"],
  ["eth_feeHistory", () => ["0x1", "latest", [50]], has({ reward: [[quantity]] })],
  ["eth_capabilities", none, has({ head: has({ hash }), state: { disabled: false, oldestBlock: "0x0" } })],
  ["admin_nodeInfo", none, has({ name: expect.stringMatching(/^noema/) })],
  ["admin_peers", none, []],
  ["noema_nodeInfo", none, has({ dev: true, chainId: "0x7a69" })],
  ["hardhat_metadata", none, has({ instanceId: hash, chainId: 31337 })],
  ["anvil_metadata", none, has({ instanceId: hash, latestBlockHash: hash })],
  ["anvil_nodeInfo", none, has({ hardFork: "osaka" })],
  ["hardhat_nodeInfo", none, has({ hardFork: "osaka" })],
];

const BLOCKS: Row[] = [
  ["eth_blockNumber", none, quantity],
  ["eth_getBlockByNumber", (f) => [f.number, false], is((f) => has({ hash: f.block, transactions: [f.sent] }))],
  ["eth_getBlockByHash", (f) => [f.block, true], is((f) => has({ transactions: [has({ hash: f.sent })] }))],
  ["eth_getHeaderByNumber", (f) => [f.number], is((f) => has({ hash: f.block }))],
  ["eth_getHeaderByHash", (f) => [f.block], is((f) => has({ number: f.number }))],
  ["erigon_getHeaderByNumber", (f) => [f.number], is((f) => has({ hash: f.block }))],
  ["eth_getBlockTransactionCountByNumber", (f) => [f.number], "0x1"],
  ["eth_getBlockTransactionCountByHash", (f) => [f.block], "0x1"],
  ["eth_getUncleCountByBlockNumber", (f) => [f.number], "0x0"],
  ["eth_getUncleCountByBlockHash", (f) => [f.block], "0x0"],
  ["eth_getUncleByBlockNumberAndIndex", (f) => [f.number, "0x0"], null],
  ["eth_getUncleByBlockHashAndIndex", (f) => [f.block, "0x0"], null],
  ["eth_getBlockReceipts", (f) => [{ blockHash: f.block }], is((f) => [has({ transactionHash: f.sent, status: "0x1" })])],
  ["eth_getTransactionByHash", (f) => [f.sent], is((f) => has({ from: f.a, to: f.b, value: "0x5" }))],
  ["eth_getTransactionReceipt", (f) => [f.sent], is((f) => has({ blockHash: f.block, gasUsed: "0x5208" }))],
  ["eth_getTransactionByBlockNumberAndIndex", (f) => [f.number, "0x0"], is((f) => has({ hash: f.sent }))],
  ["eth_getTransactionByBlockHashAndIndex", (f) => [f.block, "0x0"], is((f) => has({ hash: f.sent }))],
  ["eth_getRawTransactionByHash", (f) => [f.sent], is((f) => f.raw)],
  ["eth_getRawTransactionByBlockNumberAndIndex", (f) => [f.number, "0x0"], is((f) => f.raw)],
  ["eth_getRawTransactionByBlockHashAndIndex", (f) => [f.block, "0x0"], is((f) => f.raw)],
  ["eth_getTransactionBySenderAndNonce", (f) => [f.a, "0x0"], is((f) => has({ hash: f.sent }))],
  ["eth_pendingTransactions", none, []],
  ["noema_traceFailure", (f) => [f.sent], null],
  ["noema_traceInference", (f) => [f.sent], has({ inferences: [] })],
  ["eth_getBlobSidecars", (f) => [f.block], []],
  ["eth_getBlobSidecarByTxHash", (f) => [f.sent], null],
  ["anvil_getBlobsByTransactionHash", (f) => [f.sent], null],
  ["anvil_getBlobByHash", (f) => [f.sent], null],
  ["noema_getTransactionStatus", (f) => [f.sent], is((f) => has({ blockHash: f.block, ok: true }))],
  ["debug_getModifiedAccountsByNumber", (f) => [f.number], is((f) => expect.arrayContaining([f.a, f.b]))],
  ["debug_getModifiedAccountsByHash", (f) => [f.block], is((f) => expect.arrayContaining([f.a, f.b]))],
  ["debug_codeByHash", () => ["0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"], "0x"],
  ["debug_getRawHeader", (f) => [f.number], expect.stringMatching(/^0xf9/)],
  ["debug_getRawBlock", (f) => [f.block], is((f) => expect.stringContaining(f.raw.slice(2)))],
  ["debug_getRawReceipts", (f) => [f.number], [expect.stringMatching(/^0x02f9/)]],
  ["debug_getRawTransaction", (f) => [f.sent], is((f) => f.raw)],
  ["debug_traceTransaction", (f) => [f.sent, { tracer: "callTracer" }], is((f) => has({ from: f.a, to: f.b, value: "0x5" }))],
  ["debug_traceBlockByNumber", (f) => [f.number, { tracer: "callTracer" }], is((f) => [has({ txHash: f.sent })])],
  ["debug_traceBlockByHash", (f) => [f.block, { tracer: "callTracer" }], is((f) => [has({ txHash: f.sent })])],
  ["debug_traceCall", (f) => [{ from: f.a, to: f.emitter }, "latest", { tracer: "callTracer" }], is((f) => has({ to: f.emitter }))],
];

const TRACES: Row[] = [
  ["trace_transaction", (f) => [f.sent], is((f) => [has({ type: "call", transactionHash: f.sent })])],
  ["trace_block", (f) => [f.number], is((f) => [has({ type: "call", transactionHash: f.sent })])],
  ["trace_filter", (f) => [{ fromBlock: f.number, toBlock: f.number }], is((f) => [has({ blockHash: f.block })])],
  ["trace_replayBlockTransactions", (f) => [f.number, ["trace"]], [has({ trace: [has({ type: "call" })] })]],
  ["ots_getApiLevel", none, 8],
];

const STATE: Row[] = [
  ["eth_getBalance", (f) => [f.b, f.number], "0x21e19e0c9bab2400005"],
  ["eth_getTransactionCount", (f) => [f.a, { blockNumber: f.number }], "0x1"],
  ["eth_getCode", (f) => [f.emitter, "latest"], expect.stringMatching(/^0x5f355f5fa1/)],
  ["eth_getStorageAt", (f) => [f.emitter, "0x0", "latest"], ZERO],
  ["eth_getStorageValues", (f) => [{ [f.emitter]: ["0x0"] }, "latest"], is((f) => ({ [f.emitter]: [ZERO] }))],
  ["eth_getProof", (f) => [f.b, [], f.number], is((f) => has({ address: f.b, balance: "0x21e19e0c9bab2400005" }))],
  ["eth_getAccount", (f) => [f.a, f.number], has({ nonce: "0x1", codeHash: hash })],
  ["eth_getAccountInfo", (f) => [f.a, f.number], has({ nonce: "0x1", code: "0x" })],
  ["eth_call", (f) => [{ to: f.emitter }, "latest"], `0x${"2a".padStart(64, "0")}`],
  ["eth_estimateGas", (f) => [{ from: f.a, to: f.b, value: "0x1" }], "0x5208"],
  ["eth_createAccessList", (f) => [{ from: f.a, to: f.emitter }], has({ gasUsed: quantity })],
  ["eth_callMany", (f) => [[{ transactions: [{ to: f.emitter }, { to: f.emitter }] }]], [[ANSWER, ANSWER]]],
  ["eth_simulateV1", (f) => [{ blockStateCalls: [{ calls: [{ from: f.a, to: f.emitter }] }] }], [has({ calls: [has({ status: "0x1" })] })]],
  ["eth_fillTransaction", (f) => [{ from: f.a, to: f.b }], has({ tx: has({ type: "0x2", gas: "0x5208" }) })],
  ["eth_getLogs", (f) => [{ address: f.emitter, fromBlock: "0x0" }], is((f) => [has({ transactionHash: f.logged, topics: [ONE] })])],
  ["eth_getFilterChanges", (f) => [f.filter], is((f) => [has({ transactionHash: f.logged })])],
  ["eth_getFilterLogs", (f) => [f.filter], is((f) => [has({ transactionHash: f.logged })])],
  ["eth_subscribe", () => ["newHeads"], refused("RPC_NEEDS_WEBSOCKET")],
  ["eth_newFilter", (f) => [{ address: f.emitter }], quantity],
  ["eth_newBlockFilter", none, quantity],
  ["eth_newPendingTransactionFilter", none, quantity],
  ["eth_uninstallFilter", () => ["0x0"], false],
  ["txpool_status", none, { pending: "0x0", queued: "0x0" }],
  ["txpool_content", none, { pending: {}, queued: {} }],
  ["txpool_contentFrom", (f) => [f.a], { pending: {}, queued: {} }],
  ["txpool_inspect", none, { pending: {}, queued: {} }],
  ["eth_sign", (f) => [f.a, "0x00"], expect.stringMatching(/^0x[0-9a-f]{130}$/)],
  ["personal_sign", (f) => ["0x00", f.a], expect.stringMatching(/^0x[0-9a-f]{130}$/)],
  ["eth_signTypedData", (f) => [f.a, DOCUMENT], expect.stringMatching(/^0x[0-9a-f]{130}$/)],
  ["eth_signTypedData_v4", (f) => [f.a, DOCUMENT], expect.stringMatching(/^0x[0-9a-f]{130}$/)],
  ["eth_sendRawTransaction", (f) => [f.signed[0]?.raw], is((f) => f.signed[0]?.hash)],
  ["eth_sendRawTransactionSync", (f) => [f.signed[1]?.raw], is((f) => has({ transactionHash: f.signed[1]?.hash, status: "0x1" }))],
  ["eth_sendTransaction", (f) => [{ from: f.b, to: f.a }], hash],
  ["eth_signTransaction", (f) => [{ from: f.a, to: f.b }], has({ raw: expect.stringMatching(/^0x02/) })],
];

async function prepare(url: string): Promise<Facts> {
  const [a, b] = (await rpc<string[]>(url, "eth_accounts")) as [string, string];
  const sent = await rpc<string>(url, "eth_sendTransaction", { from: a, to: b, value: "0x5" });
  const receiptOf = (h: string) => rpc<Record<string, string>>(url, "eth_getTransactionReceipt", h);
  const { blockHash: block, blockNumber: number } = (await receiptOf(sent)) as { blockHash: string; blockNumber: string };
  const made = await receiptOf(await rpc<string>(url, "eth_sendTransaction", { from: a, data: EMITTER }));
  const emitter = made.contractAddress as string;
  const filter = await rpc<string>(url, "eth_newFilter", { address: emitter, fromBlock: "0x0" });
  const logged = await rpc<string>(url, "eth_sendTransaction", { from: a, to: emitter, data: ONE });
  const sign = async (nonce: number) => {
    const { raw } = await rpc<{ raw: string }>(url, "eth_signTransaction", { from: b, to: a, nonce: `0x${nonce}` });
    return { raw, hash: to0x(keccak256(fromHex(raw))) };
  };
  const signed = [await sign(0), await sign(1)];
  return { a, b, sent, block, number, emitter, logged, filter, signed, raw: await rpc<string>(url, "eth_getRawTransactionByHash", sent) };
}

/** On a chain of which nobody has sent anything yet. */
export function methodFace(net: () => RunningDevnet): void {
  describe("every method", () => {
    let facts: Promise<Facts> | undefined;
    it.each([...CHAIN, ...BLOCKS, ...TRACES, ...STATE, ...DEV])("%s", async (method, params, answer) => {
      facts ??= prepare(net().rpcUrl);
      const f = await facts;
      const wanted = typeof answer === "function" ? (answer as (f: Facts) => unknown)(f) : answer;
      const answered = rpc(net().rpcUrl, method, ...params(f));
      if (wanted instanceof Refused) await expect(answered).rejects.toMatchObject({ data: { code: wanted.code } });
      else expect(await answered).toEqual(wanted);
    });
  });
}
