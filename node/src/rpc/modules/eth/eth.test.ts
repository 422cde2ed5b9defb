import { concatBytes, fromHex, to0x } from "@noema/core/bytes";
import { NoemaError } from "@noema/core/errors";
import { rlpDecode } from "@noema/execution/rlp/decode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRpcServer, type RpcServer } from "../../server.ts";
import { callRpc, resultOf } from "../../testing/call.ts";
import { ACCOUNT, CONTRACT, TOPIC } from "../../testing/fake-blocks.ts";
import { createFakeChain, type FakeChain, revertData } from "../../testing/fake-chain.ts";

const from = to0x(ACCOUNT.address);
const to = to0x(CONTRACT);
let chain: FakeChain;
let server: RpcServer;

beforeEach(() => {
  chain = createFakeChain();
  server = createRpcServer({ port: 0 }, chain.deps);
});
afterEach(() => server.stop());

const ask = (method: string, ...params: unknown[]) => resultOf(server, method, ...params);
const errorOf = async (method: string, ...params: unknown[]) => (await callRpc(server, method, ...params)).error;

describe("transactions", () => {
  const access = [{ address: to, storageKeys: [`0x${"00".repeat(32)}`] }];
  const authorization = { chainId: "0x7a69", address: to, nonce: "0x0", yParity: "0x1", r: "0x1", s: "0x2" };
  const cases = [
    { name: "legacy", given: { gasPrice: "0x77359400" }, type: "0x0" },
    { name: "2930", given: { gasPrice: "0x77359400", accessList: access }, type: "0x1" },
    { name: "1559", given: {}, type: "0x2" },
    { name: "7702", given: { authorizationList: [authorization] }, type: "0x4" },
  ];

  it.each(cases)("$name: pending, then in its block, in Ethereum's shape", async ({ given, type }) => {
    const hash = await ask("eth_sendTransaction", { from, to, value: "0x5", data: "0x0102", ...given });
    const pending = await ask("eth_getTransactionByHash", hash);
    expect(pending).toMatchObject({
      hash,
      type,
      from,
      to,
      value: "0x5",
      input: "0x0102",
      nonce: "0x0",
      blockHash: null,
      blockNumber: null,
    });
    expect(await ask("eth_getTransactionReceipt", hash)).toBeNull();
    expect(await ask("eth_getTransactionCount", from, "pending")).toBe("0x1");
    chain.mine();
    const mined = await ask("eth_getTransactionByHash", hash);
    expect(mined).toMatchObject({ blockNumber: "0x1", transactionIndex: "0x0", chainId: "0x7a69", gasPrice: "0x77359400" });
    expect(mined.yParity).toBe(type === "0x0" ? undefined : mined.v);
    if (type === "0x0") expect(["0xf4f5", "0xf4f6"]).toContain(mined.v);
    if (type === "0x1") expect(mined.accessList).toEqual(access);
    if (type === "0x4") expect(mined.authorizationList).toEqual([authorization]);
    expect(await ask("eth_getTransactionByBlockNumberAndIndex", "latest", "0x0")).toEqual(mined);
    expect(await ask("eth_getTransactionByBlockHashAndIndex", mined.blockHash, "0x0")).toEqual(mined);
    const receipt = await ask("eth_getTransactionReceipt", hash);
    expect(receipt).toMatchObject({
      transactionHash: hash,
      status: "0x1",
      type,
      to,
      contractAddress: null,
      effectiveGasPrice: "0x77359400",
    });
    expect(receipt.logs[0]).toMatchObject({ removed: false, blockTimestamp: "0x6553f101", logIndex: "0x0", transactionHash: hash });
  });

  it("gives `to` null and the address when a contract is made", async () => {
    const hash = await ask("eth_sendTransaction", { from, data: "0x6001" });
    chain.mine();
    expect(await ask("eth_getTransactionReceipt", hash)).toMatchObject({ to: null, contractAddress: to });
  });

  it("assigns nonces in order when many are sent at once", async () => {
    const hashes = await Promise.all(Array.from({ length: 20 }, () => ask("eth_sendTransaction", { from, to })));
    const nonces = await Promise.all(hashes.map(async (h) => Number((await ask("eth_getTransactionByHash", h)).nonce)));
    expect([...nonces].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it("passes on the pool's code and words", async () => {
    const { raw } = await ask("eth_signTransaction", { from, to, nonce: "0x0" });
    chain.mine([fromHex(raw)]);
    expect(await errorOf("eth_sendRawTransaction", raw)).toMatchObject({ code: -32000, data: { code: "TX_NONCE_TOO_LOW" } });
    expect((await errorOf("eth_sendRawTransaction", raw))?.message).toContain("nonce too low");
    expect(await errorOf("eth_sendRawTransaction", "0x")).toMatchObject({ code: -32602 });
    expect(await errorOf("eth_sendRawTransaction", "0x02c0")).toMatchObject({ code: -32000 });
    expect(await errorOf("eth_sendTransaction", { from: to, to })).toMatchObject({ data: { code: "RPC_ACCOUNT_UNKNOWN" } });
  });
});

describe("blocks", () => {
  it("resolves tags, numbers and hashes", async () => {
    const { block } = chain.mine([]);
    chain.mine([]);
    expect(await ask("eth_blockNumber")).toBe("0x2");
    const numbers = await Promise.all(["earliest", "finalized", "safe", "latest", "0x1"].map((t) => ask("eth_getBlockByNumber", t, false)));
    expect(numbers.map((b) => b.number)).toEqual(["0x0", "0x1", "0x2", "0x2", "0x1"]);
    expect(await ask("eth_getBlockByHash", to0x(block.hash), true)).toMatchObject({
      number: "0x1",
      withdrawals: [],
      uncles: [],
      difficulty: "0x0",
    });
    expect(await ask("eth_getBlockByNumber", "0x3", false)).toBeNull();
    expect(await errorOf("eth_getBlockByNumber", "newest", false)).toMatchObject({ code: -32602 });
    expect(await errorOf("eth_getBlockByNumber", "0x01", false)).toMatchObject({ code: -32602 });
  });

  it("shows the pending block with hash null and the pool's transactions", async () => {
    const hash = await ask("eth_sendTransaction", { from, to });
    const head = await ask("eth_getBlockByNumber", "latest", false);
    expect(await ask("eth_getBlockByNumber", "pending", false)).toMatchObject({
      hash: null,
      number: "0x1",
      parentHash: head.hash,
      transactions: [hash],
    });
    expect(await ask("eth_getBlockTransactionCountByNumber", "pending")).toBe("0x1");
  });

  it("takes EIP-1898 block ids, and says when there is no such block", async () => {
    const { block } = chain.mine([]);
    expect(await ask("eth_getBalance", from, { blockHash: to0x(block.hash), requireCanonical: true })).toBe("0x21e19e0c9bab2400000");
    expect(await ask("eth_getBalance", from, { blockNumber: "0x1" })).toBe("0x21e19e0c9bab2400000");
    expect(await errorOf("eth_getBalance", from, { blockNumber: "0x9" })).toMatchObject({
      code: -32001,
      data: { code: "RPC_BLOCK_UNKNOWN" },
    });
    expect(await errorOf("eth_getBalance", from, {})).toMatchObject({ code: -32602 });
    expect(await errorOf("eth_getBalance", "0x12")).toMatchObject({ code: -32602, message: expect.stringContaining("20 bytes") });
  });
});

describe("calls", () => {
  it("answers output, and errors of the EVM as geth does", async () => {
    expect(await ask("eth_call", { to, data: "0x00" })).toBe("0x2a");
    const reverted = await errorOf("eth_call", { to, data: "0xff" }, "latest");
    expect(reverted).toEqual({ code: 3, message: "execution reverted: no such digit", data: to0x(revertData("no such digit")) });
    expect(await errorOf("eth_estimateGas", { to, input: "0xff" })).toMatchObject({ code: 3, data: to0x(revertData("no such digit")) });
    expect(await errorOf("eth_call", { to, data: "0xfe" })).toMatchObject({ code: -32000, message: "out of gas" });
    expect(await errorOf("eth_call", { to, data: "0x00", input: "0x01" })).toMatchObject({ code: -32602 });
    expect(await ask("eth_createAccessList", { to })).toMatchObject({ gasUsed: "0x5208" });
  });

  it("reads state overrides and refuses malformed ones", async () => {
    let seen: unknown;
    chain.deps.execution.call = async (_, __, overrides) => {
      seen = overrides;
      return { ok: true, output: new Uint8Array(), gasUsed: 0n };
    };
    const key = `0x${"00".repeat(32)}`;
    await ask("eth_call", { to }, "latest", { [to]: { balance: "0x5", stateDiff: { [key]: key } } });
    expect(seen).toMatchObject([{ address: CONTRACT, balance: 5n, stateDiff: [[new Uint8Array(32), new Uint8Array(32)]] }]);
    expect(await errorOf("eth_call", { to }, "latest", { nobody: {} })).toMatchObject({ code: -32602 });
    expect(await errorOf("eth_call", { to }, "latest", { [to]: { state: {}, stateDiff: {} } })).toMatchObject({ code: -32602 });
  });
});

describe("transactions to sign", () => {
  const FEES = { gasPrice: "0x77359400", maxFeePerGas: "0x77359400", maxPriorityFeePerGas: "0x3b9aca00" };
  const given = { from, to, value: "0x1", nonce: "0x7", maxFeePerGas: "0x77359400" };
  const unsigned = { type: "0x2", chainId: "0x7a69", nonce: "0x7", to, value: "0x1", gas: "0x5208", input: "0x", accessList: [], ...FEES };

  it("are signed in execution-apis' shape: no member of a transaction that was sent", async () => {
    const { raw, tx } = await ask("eth_signTransaction", given);
    const { v, yParity, r, s, ...rest } = tx;
    expect(rest).toEqual(unsigned);
    expect(yParity).toBe(v);
    const { tx: legacy } = await ask("eth_signTransaction", { from, to, gasPrice: "0x77359400", nonce: "0x0" });
    expect(Object.keys(legacy).sort()).toEqual(["chainId", "gas", "gasPrice", "input", "nonce", "r", "s", "to", "type", "v", "value"]);
    await chain.deps.pool.addAll([fromHex(raw)], "local");
    const sent = await ask("eth_getTransactionBySenderAndNonce", from, "0x7");
    expect(sent).toMatchObject({ ...tx, from, blockHash: null });
  });

  it("are filled in geth's shape, whoever sends them", async () => {
    const { raw, tx } = await ask("eth_fillTransaction", given);
    expect(tx).toEqual(unsigned);
    expect(rlpDecode(fromHex(raw).subarray(1))).toHaveLength(12);
    expect((rlpDecode(fromHex(raw).subarray(1)) as Uint8Array[]).slice(9)).toEqual(Array(3).fill(new Uint8Array()));
    const stranger = await ask("eth_fillTransaction", { to, gasPrice: "0x77359400", data: "0x0102" });
    expect(stranger.tx).toMatchObject({ type: "0x0", nonce: "0x0", input: "0x0102", gasPrice: "0x77359400" });
    expect(await errorOf("eth_fillTransaction", { from })).toMatchObject({ message: "contract creation without any data provided" });
    expect(await errorOf("eth_fillTransaction", 7)).toMatchObject({ code: -32602 });
    const blob = { code: -32000, data: { code: "RPC_SIGN_INVALID" } }; // never filled as another type
    expect(await errorOf("eth_fillTransaction", { from, to, blobVersionedHashes: [] })).toMatchObject(blob);
    expect(await errorOf("eth_sendTransaction", { from, to, maxFeePerBlobGas: "0x1" })).toMatchObject(blob);
    expect(await errorOf("eth_signTransaction", { from, to, blobs: ["0x00"] })).toMatchObject(blob);
    const other = createRpcServer({ port: 0 }, createFakeChain({ dev: false }).deps);
    expect((await resultOf(other, "eth_fillTransaction", { from, to })).tx).toMatchObject({ type: "0x2", nonce: "0x0" });
    await other.stop();
  });
});

describe("a transaction by sender and nonce", () => {
  const find = (nonce: number, sender = from) => ask("eth_getTransactionBySenderAndNonce", sender, `0x${nonce.toString(16)}`);
  /** Blocks of these many transactions; returns their hashes in order of their nonces. */
  async function send(...blocks: number[]): Promise<string[]> {
    const hashes: string[] = [];
    for (const count of blocks) {
      for (let i = 0; i < count; i++) hashes.push(await ask("eth_sendTransaction", { from, to, value: `0x${i.toString(16)}` }));
      chain.mine();
    }
    return hashes;
  }

  it("is found in its block, in the pool, or not at all", async () => {
    const hashes = await send(1, 0, 2, 0, 0, 1, 3, 0);
    const found = await Promise.all(hashes.map((_, nonce) => find(nonce)));
    expect(found.map((x) => x.hash)).toEqual(hashes);
    expect(found.map((x) => x.blockNumber)).toEqual(["0x1", "0x3", "0x3", "0x6", "0x7", "0x7", "0x7"]);
    const pending = await ask("eth_sendTransaction", { from, to });
    expect(await find(7)).toMatchObject({ hash: pending, blockNumber: null });
    expect(await find(8)).toBeNull();
    expect(await find(0, to)).toBeNull();
    expect(await errorOf("eth_getTransactionBySenderAndNonce", from, 7)).toMatchObject({ code: -32602 });
  });

  it("says when the state that tells its height is gone, and only then", async () => {
    const hashes = await send(1, 1, 1, 1, 1, 1);
    const { account } = chain.deps.execution;
    chain.deps.execution.account = async (height, who) => {
      if (typeof height === "number" && height < 4) throw new NoemaError("STATE_PRUNED", `the state of height ${height} is gone`);
      return account(height, who);
    };
    expect((await find(5)).hash).toBe(hashes[5]);
    expect((await find(3)).hash).toBe(hashes[3]); // of the oldest kept height
    expect(await errorOf("eth_getTransactionBySenderAndNonce", from, "0x2")).toMatchObject({ data: { code: "STATE_PRUNED" } });
    expect(await find(6)).toBeNull();
  });

  it("is none where an authorization used the nonce up", async () => {
    const [hash] = await send(1);
    const { account } = chain.deps.execution;
    chain.deps.execution.account = async (height, who) => {
      const found = await account(height, who);
      return height === 0 ? found : { ...found, nonce: found.nonce + 1n };
    };
    expect((await find(0)).hash).toBe(hash);
    expect(await find(1)).toBeNull();
  });
});

describe("what no transaction can say", () => {
  const methods = [
    "eth_call",
    "eth_estimateGas",
    "eth_createAccessList",
    "eth_sendTransaction",
    "eth_signTransaction",
    "eth_fillTransaction",
  ];

  it.each(methods)("is refused by %s", async (method) => {
    const say = (fields: Record<string, string>) => errorOf(method, { from, to, ...fields });
    const tip = { code: -32000, message: expect.stringMatching(/^max priority fee per gas higher than max fee per gas/) };
    expect(await say({ maxFeePerGas: "0x77359400", maxPriorityFeePerGas: "0x77359401" })).toMatchObject(tip);
    expect(await say({ maxFeePerGas: "0x77359400", maxPriorityFeePerGas: "0x77359400" })).toBeUndefined();
    const chain = { code: -32000, message: "chainId does not match node's (have=1, want=31337)" };
    expect(await say({ chainId: "0x1" })).toMatchObject(chain);
    expect(await say({ chainId: "0x7a69" })).toBeUndefined();
    const both = { code: -32602, message: "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified" };
    expect(await say({ gasPrice: "0x77359400", maxFeePerGas: "0x77359400" })).toMatchObject(both);
    expect(await say({ gasPrice: "0x77359400", maxPriorityFeePerGas: "0x1" })).toMatchObject(both);
  });
});

describe("logs and filters", () => {
  const send = async () => {
    await ask("eth_sendTransaction", { from, to });
    return chain.mine();
  };

  it("finds logs by range, address and topic", async () => {
    await send();
    const { block } = await send();
    expect(await ask("eth_getLogs", { fromBlock: "0x0", toBlock: "latest" })).toHaveLength(2);
    expect(await ask("eth_getLogs", { blockHash: to0x(block.hash), address: [to] })).toHaveLength(1);
    expect(await ask("eth_getLogs", { fromBlock: "0x0", topics: [[to0x(TOPIC)], null] })).toHaveLength(2);
    expect(await ask("eth_getLogs", { fromBlock: "0x0", address: from })).toEqual([]);
    expect(await errorOf("eth_getLogs", { fromBlock: "0x0", blockHash: to0x(block.hash) })).toMatchObject({ code: -32602 });
  });

  it("refuses a range that is reversed or not there yet", async () => {
    await send();
    const reversed = { code: -32602, message: expect.stringMatching(/^invalid block range params/) };
    const future = { code: -32602, message: expect.stringMatching(/^block range extends beyond current head block/) };
    expect(await errorOf("eth_getLogs", { fromBlock: "0x2", toBlock: "0x1" })).toMatchObject(reversed);
    expect(await errorOf("eth_getLogs", { fromBlock: "0x2", toBlock: "latest" })).toMatchObject(reversed);
    expect(await errorOf("eth_getLogs", { fromBlock: "latest", toBlock: "0x0" })).toMatchObject(reversed);
    expect(await errorOf("eth_getLogs", { fromBlock: "0x2" })).toMatchObject(reversed);
    expect(await errorOf("eth_getLogs", { fromBlock: "0x0", toBlock: "0x2" })).toMatchObject(future);
    expect(await errorOf("eth_getLogs", { fromBlock: "0x2", toBlock: "0x2" })).toMatchObject(future);
    expect(await ask("eth_getLogs", { fromBlock: "0x1", toBlock: "0x1" })).toHaveLength(1);
    expect(await errorOf("eth_newFilter", { fromBlock: "0x2", toBlock: "0x1" })).toMatchObject(reversed);
    const filter = await ask("eth_newFilter", { fromBlock: "0x0", toBlock: "0x2" }); // may wait for blocks that come
    expect(await errorOf("eth_getFilterLogs", filter)).toMatchObject(future);
    await send();
    expect(await ask("eth_getFilterLogs", filter)).toHaveLength(2);
  });

  it("gives each change of a filter once", async () => {
    const [logs, blocks, pending] = [
      await ask("eth_newFilter", { address: to }),
      await ask("eth_newBlockFilter"),
      await ask("eth_newPendingTransactionFilter"),
    ];
    const { block } = await send();
    expect(await ask("eth_getFilterChanges", logs)).toHaveLength(1);
    expect(await ask("eth_getFilterChanges", blocks)).toEqual([to0x(block.hash)]);
    expect(await ask("eth_getFilterChanges", pending)).toHaveLength(1);
    expect(await ask("eth_getFilterChanges", logs)).toEqual([]);
    const many = Array.from({ length: 600 }, () => to0x(chain.mine([]).block.hash)); // more than one question to the state
    expect(await ask("eth_getFilterChanges", blocks)).toEqual(many);
    expect(await ask("eth_uninstallFilter", logs)).toBe(true);
    expect(await errorOf("eth_getFilterChanges", logs)).toMatchObject({
      code: -32000,
      message: "filter not found",
      data: { code: "RPC_FILTER_UNKNOWN" },
    });
  });
});

describe("the rest", () => {
  it("answers fees", async () => {
    chain.mine([]);
    expect(await ask("eth_gasPrice")).toBe("0x77359400");
    const history = await ask("eth_feeHistory", "0x2", "latest", [25, 75]);
    expect(history).toMatchObject({
      oldestBlock: "0x0",
      reward: [
        ["0x0", "0x0"],
        ["0x0", "0x0"],
      ],
    });
    expect(history.baseFeePerGas).toHaveLength(3);
    expect(history.baseFeePerBlobGas).toEqual(["0x1", "0x1", "0x1"]);
    for (let i = 0; i < 600; i++) chain.mine([]);
    const long = await ask("eth_feeHistory", "0x200", "latest");
    expect([long.oldestBlock, long.gasUsedRatio.length, long.reward]).toEqual(["0x5a", 512, undefined]);
    expect(await errorOf("eth_feeHistory", 2, "latest", [75, 25])).toMatchObject({ code: -32602 });
    const repeated = { code: -32602, message: "invalid reward percentile: #1:5 >= #2:5" };
    expect(await errorOf("eth_feeHistory", 2, "latest", [1, 5, 5])).toMatchObject(repeated);
  });

  it("signs messages and typed data as other clients do", async () => {
    // viem 2.57.20, signMessage and signTypedData with the same key
    const message =
      "0xf16ea9a3478698f695fd1401bfe27e9e4a7e8e3da94aa72b021125e31fa899cc573c48ea3fe1d4ab61a9db10c19032026e3ed2dbccba5a178235ac27f94504311c";
    const typed =
      "0xf9300a6d337e50defa9b40b48a12a711f1c041cc60c0b66e510238d0684fcec313084cbd7df2b8ce3f3b4429082bfb724bfb0798445e5e4488fb0144860bc3311c";
    expect(await ask("personal_sign", "0x68656c6c6f", from)).toBe(message);
    expect(await ask("eth_sign", from, "0x68656c6c6f")).toBe(message);
    const mail = {
      domain: { name: "Ether Mail", version: "1", chainId: 1, verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC" },
      types: {
        Person: [{ name: "name", type: "string" }],
        Mail: [
          { name: "from", type: "Person" },
          { name: "tags", type: "uint8[2]" },
        ],
      },
      primaryType: "Mail",
      message: { from: { name: "Cow" }, tags: [1, "2"] },
    };
    expect(await ask("eth_signTypedData_v4", from, JSON.stringify(mail))).toBe(typed);
    expect(await ask("eth_signTypedData_v4", from, mail)).toBe(typed);
    expect(await errorOf("eth_signTypedData_v4", from, { ...mail, primaryType: "Nothing" })).toMatchObject({ code: -32602 });
  });

  it("has no signing methods off a devnet", async () => {
    const other = createRpcServer({ port: 0 }, createFakeChain({ dev: false }).deps);
    expect((await callRpc(other, "eth_sendTransaction", { from, to })).error).toMatchObject({ code: -32601 });
    expect(await resultOf(other, "eth_accounts")).toEqual([]);
    await other.stop();
  });

  it("answers net, web3 and txpool", async () => {
    expect(await ask("net_version")).toBe("31337");
    expect(await ask("net_peerCount")).toBe("0x1");
    expect(await ask("web3_sha3", "0x68656c6c6f20776f726c64")).toBe("0x47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad");
    await ask("eth_sendTransaction", { from, to });
    expect(await ask("txpool_status")).toEqual({ pending: "0x1", queued: "0x0" });
    expect((await ask("txpool_content")).pending[from]["0"]).toMatchObject({ nonce: "0x0", from });
    expect((await ask("txpool_inspect")).pending[from]["0"]).toContain("gas ×");
  });

  it("reads storage and proofs by short and long keys", async () => {
    expect(await ask("eth_getStorageAt", to, "0x5", "latest")).toBe(to0x(concatBytes(new Uint8Array(31), Uint8Array.of(5))));
    const tooLong = { code: -32602, message: expect.stringContaining("storage key too long (want at most 32 bytes)") };
    expect(await errorOf("eth_getStorageAt", to, `0x${"0".repeat(65)}`, "latest")).toMatchObject(tooLong);
    expect(await errorOf("eth_getStorageAt", to, "0xasdf")).toMatchObject({
      message: expect.stringContaining("invalid hex in storage key"),
    });
    const word = `0x${"0".repeat(62)}1a`;
    const { address, storageProof } = await ask("eth_getProof", to, ["0x0", "0x00", "0x1A", "0x001a", word], "latest");
    expect(address).toBe(to);
    expect(storageProof.map((x: { key: string }) => x.key)).toEqual(["0x0", "0x0", "0x1a", "0x1a", word]);
  });
});
