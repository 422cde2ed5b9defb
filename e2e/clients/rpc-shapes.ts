/** What frameworks ask at start and in between, with the exact shapes of execution-apis: strict clients refuse anything else. */
import { encodeFunctionData } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { counter } from "../harness/artifacts.ts";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { createClients, deploy } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";

const QUANTITY = /^0x(0|[1-9a-f][0-9a-f]*)$/;
const HASH = /^0x[0-9a-f]{64}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const DATA = /^0x([0-9a-f]{2})*$/;
const as = (form: RegExp) => expect.stringMatching(form);

const HEADER = {
  number: as(QUANTITY),
  hash: as(HASH),
  parentHash: as(HASH),
  sha3Uncles: as(HASH),
  miner: as(ADDRESS),
  stateRoot: as(HASH),
  transactionsRoot: as(HASH),
  receiptsRoot: as(HASH),
  logsBloom: as(/^0x[0-9a-f]{512}$/),
  difficulty: "0x0",
  gasLimit: as(QUANTITY),
  gasUsed: as(QUANTITY),
  timestamp: as(QUANTITY),
  extraData: as(DATA),
  mixHash: as(HASH),
  nonce: "0x0000000000000000",
  baseFeePerGas: as(QUANTITY),
  withdrawalsRoot: as(HASH),
  blobGasUsed: as(QUANTITY),
  excessBlobGas: as(QUANTITY),
  parentBeaconBlockRoot: as(HASH),
  requestsHash: as(HASH),
};
const BLOCK = { ...HEADER, size: as(QUANTITY), uncles: [], withdrawals: [], transactions: expect.any(Array) };

const LOG = {
  address: as(ADDRESS),
  topics: expect.any(Array),
  data: as(DATA),
  blockNumber: as(QUANTITY),
  blockHash: as(HASH),
  blockTimestamp: as(QUANTITY),
  transactionHash: as(HASH),
  transactionIndex: as(QUANTITY),
  logIndex: as(QUANTITY),
  removed: false,
};

const RECEIPT = {
  transactionHash: as(HASH),
  transactionIndex: as(QUANTITY),
  blockHash: as(HASH),
  blockNumber: as(QUANTITY),
  from: as(ADDRESS),
  to: as(ADDRESS),
  contractAddress: null,
  type: "0x2",
  status: "0x1",
  gasUsed: as(QUANTITY),
  cumulativeGasUsed: as(QUANTITY),
  effectiveGasPrice: as(QUANTITY),
  logsBloom: as(/^0x[0-9a-f]{512}$/),
  logs: [LOG],
};

const TRANSACTION = {
  blockHash: as(HASH),
  blockNumber: as(QUANTITY),
  blockTimestamp: as(QUANTITY),
  transactionIndex: as(QUANTITY),
  hash: as(HASH),
  type: "0x2",
  chainId: "0x7a69",
  nonce: as(QUANTITY),
  from: as(ADDRESS),
  to: as(ADDRESS),
  value: as(QUANTITY),
  gas: as(QUANTITY),
  gasPrice: as(QUANTITY),
  maxFeePerGas: as(QUANTITY),
  maxPriorityFeePerGas: as(QUANTITY),
  input: as(DATA),
  accessList: [],
  v: as(/^0x[01]$/),
  yParity: as(/^0x[01]$/),
  r: as(QUANTITY),
  s: as(QUANTITY),
};

export function rpcShapes(net: () => RunningDevnet): void {
  describe("JSON-RPC shapes", () => {
    let address: `0x${string}`;
    let receipt: { transactionHash: string; blockHash: string; blockNumber: string };
    const ask = <T = unknown>(method: string, ...params: unknown[]) => rpc<T>(net().rpcUrl, method, ...params);
    const post = async (body: unknown) => {
      const response = await fetch(net().rpcUrl, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
      return response.json() as Promise<unknown>;
    };
    beforeAll(async () => {
      const c = createClients(net(), 7);
      address = await deploy(c, counter);
      const hash = await c.wallet.writeContract({ address, abi: counter.abi, functionName: "increment" } as never);
      await c.publicClient.waitForTransactionReceipt({ hash });
      receipt = await ask("eth_getTransactionReceipt", hash);
    });

    it("answers what frameworks ask at start", async () => {
      expect(await ask("eth_chainId")).toBe("0x7a69");
      expect(await ask("net_version")).toBe("31337");
      expect(await ask("net_listening")).toBe(true);
      expect(await ask("web3_clientVersion")).toMatch(/^anvil\/v\d\S* \(noema\/\d/);
      await until(
        async () => (await ask("eth_syncing")) === false,
        () => "it does not catch up",
      );
      expect(await ask("eth_accounts")).toEqual(net().accounts.map((x) => x.address.toLowerCase()));
      expect(await ask("eth_blockNumber")).toMatch(QUANTITY);
      expect(await ask("eth_gasPrice")).toMatch(QUANTITY);
      expect(await ask("eth_maxPriorityFeePerGas")).toMatch(QUANTITY);
      expect(await ask("eth_blobBaseFee")).toMatch(QUANTITY);
      expect(await ask("eth_coinbase")).toMatch(ADDRESS);
      expect(await ask("web3_sha3", "0x")).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    });

    it("shows blocks by tag, number and hash", async () => {
      for (const tag of ["latest", "safe", "finalized", "earliest", receipt.blockNumber]) {
        expect(await ask("eth_getBlockByNumber", tag, false)).toStrictEqual(BLOCK);
      }
      const full = await ask<{ transactions: unknown[] }>("eth_getBlockByHash", receipt.blockHash, true);
      expect(full).toStrictEqual({ ...BLOCK, hash: receipt.blockHash, transactions: [{ ...TRANSACTION, hash: receipt.transactionHash }] });
      const pending = await ask("eth_getBlockByNumber", "pending", true);
      expect(pending).toMatchObject({ hash: null, nonce: null, transactions: [], parentHash: as(HASH) });
      expect(await ask("eth_getBlockByNumber", "0xffffffff", false)).toBeNull();
      expect(await ask("eth_getBlockByHash", `0x${"11".repeat(32)}`, false)).toBeNull();
      expect(await ask("eth_getBlockTransactionCountByHash", receipt.blockHash)).toBe("0x1");
      expect(await ask("eth_getUncleCountByBlockNumber", "latest")).toBe("0x0");
    });

    it("shows transactions, receipts and logs", async () => {
      expect(receipt).toStrictEqual(RECEIPT);
      expect(await ask("eth_getTransactionByHash", receipt.transactionHash)).toStrictEqual(TRANSACTION);
      expect(await ask("eth_getTransactionByBlockHashAndIndex", receipt.blockHash, "0x0")).toStrictEqual(TRANSACTION);
      expect(await ask("eth_getTransactionByBlockNumberAndIndex", receipt.blockNumber, "0x1")).toBeNull();
      expect(await ask("eth_getBlockReceipts", receipt.blockNumber)).toStrictEqual([RECEIPT]);
      expect(await ask("eth_getLogs", { blockHash: receipt.blockHash })).toStrictEqual([LOG]);
      expect(await ask("eth_getTransactionReceipt", `0x${"22".repeat(32)}`)).toBeNull();
      expect(await ask("eth_getTransactionByHash", `0x${"22".repeat(32)}`)).toBeNull();
    });

    it("tells the history of fees", async () => {
      const history = await ask<Record<string, unknown[]>>("eth_feeHistory", "0x3", receipt.blockNumber, [25, 75]);
      expect(history).toStrictEqual({
        oldestBlock: as(QUANTITY),
        baseFeePerGas: Array(4).fill(as(QUANTITY)),
        gasUsedRatio: Array(3).fill(expect.any(Number)),
        baseFeePerBlobGas: Array(4).fill(as(QUANTITY)),
        blobGasUsedRatio: Array(3).fill(expect.any(Number)),
        reward: Array(3).fill([as(QUANTITY), as(QUANTITY)]),
      });
      expect(await ask<object>("eth_feeHistory", 1, "latest", [])).toHaveProperty("oldestBlock");
      expect(await ask<object>("eth_feeHistory", "0x1", "pending", null)).not.toHaveProperty("reward");
    });

    it("reads state at every kind of block id", async () => {
      const value = { to: address, data: "0x3fa4f245" };
      const one = `0x${"1".padStart(64, "0")}`;
      const { blockHash, blockNumber } = receipt;
      const ids = [
        "latest",
        "pending",
        blockNumber,
        blockHash,
        { blockHash },
        { blockNumber },
        { blockHash, requireCanonical: true },
        undefined,
      ];
      for (const id of ids) {
        const at = id === undefined ? [] : [id];
        expect(await ask("eth_call", value, ...at)).toBe(one);
        expect(await ask("eth_getStorageAt", address, "0x0", ...at)).toBe(one);
        expect(await ask("eth_getCode", address, ...at)).toBe(counter.deployedBytecode);
        expect(await ask("eth_getTransactionCount", address, ...at)).toBe("0x1");
      }
      // However many blocks there have been: a devnet keeps all state.
      expect(await ask("eth_getBalance", net().accounts[9]?.address, "earliest")).toBe(`0x${(10_000n * 10n ** 18n).toString(16)}`);
      expect(await ask("eth_estimateGas", { ...value, from: net().accounts[0]?.address }, "pending")).toMatch(QUANTITY);
      expect(await ask("eth_getCode", net().accounts[0]?.address, "latest")).toBe("0x");
      const unknown = ask("eth_call", value, { blockHash: `0x${"33".repeat(32)}` });
      await expect(unknown).rejects.toMatchObject({ code: -32001, data: { code: "RPC_BLOCK_UNKNOWN" } });
    });

    it("takes the forms of call objects that clients send", async () => {
      const [from] = net().accounts.map((x) => x.address);
      const forms = [
        { from, to: address, input: "0x3fa4f245" },
        { from, to: address, data: "0x3fa4f245", input: "0x3fa4f245", type: "0x2", nonce: "0x5", chainId: "0x7a69" },
        { from, to: address, data: "0x3fa4f245", gas: "0xfffff", gasPrice: "0x0", value: "0x0" },
        { from, to: address, data: "0x3fa4f245", maxFeePerGas: "0x77359400", maxPriorityFeePerGas: "0x1", accessList: [] },
        { to: address, data: "0x3fa4f245", gas: null, value: null },
      ];
      for (const form of forms) expect(await ask("eth_call", form, "latest")).toMatch(HASH);
      expect(await ask("eth_call", { data: "0x60016000526001601ff3" }, "latest")).toBe("0x01"); // a creation gives the code
      const list = await ask("eth_createAccessList", { from, to: address, data: "0x3fa4f245" }, "latest");
      expect(list).toEqual({ accessList: [{ address, storageKeys: [`0x${"0".repeat(64)}`] }], gasUsed: as(QUANTITY) });
    });

    it("shows reverts as geth does", async () => {
      const failing = await ask("eth_call", { to: address, data: "0xdeadbeef" }, "latest").catch((error) => error);
      expect(failing).toMatchObject({ code: 3, message: "execution reverted", data: "0x" });
      const data = encodeFunctionData({ abi: counter.abi, functionName: "failWithReason" });
      const reason = await ask("eth_call", { to: address, data }, "latest").catch((error) => error);
      expect(reason).toMatchObject({ code: 3, message: "execution reverted: as asked", data: as(/^0x08c379a0/) });
    });

    it("answers batches in order, with errors in their places", async () => {
      const batch = [
        { jsonrpc: "2.0", id: 7, method: "eth_chainId" },
        { jsonrpc: "2.0", id: "a", method: "eth_nonsense", params: [] },
        { jsonrpc: "2.0", method: "eth_chainId" },
        5,
        { jsonrpc: "2.0", id: null, method: "net_version", params: [] },
      ];
      expect(await post(batch)).toMatchObject([
        { jsonrpc: "2.0", id: 7, result: "0x7a69" },
        { jsonrpc: "2.0", id: "a", error: { code: -32601, data: { code: "RPC_METHOD_UNKNOWN" } } },
        { jsonrpc: "2.0", id: null, error: { code: -32600 } },
        { jsonrpc: "2.0", id: null, result: "31337" },
      ]);
    });

    it("keeps filters for those who poll", async () => {
      const id = await ask<string>("eth_newBlockFilter");
      expect(id).toMatch(/^0x/);
      expect(await ask("eth_newPendingTransactionFilter")).toMatch(/^0x/);
      const from = net().accounts[7]?.address;
      await ask("eth_sendTransaction", { from, to: from, value: "0x1" });
      let hashes: string[] = [];
      await until(
        async () => {
          hashes = await ask<string[]>("eth_getFilterChanges", id);
          return hashes.length > 0;
        },
        () => "no block came",
      );
      expect(hashes[0]).toMatch(HASH);
      expect(await ask("eth_uninstallFilter", id)).toBe(true);
      expect(await ask("eth_uninstallFilter", id)).toBe(false);
    });

    it("signs for its accounts as wallets do", async () => {
      const from = net().accounts[0]?.address;
      expect(await ask("personal_sign", "0x68656c6c6f", from)).toMatch(/^0x[0-9a-f]{130}$/);
      expect(await ask("eth_sign", from, "0x68656c6c6f")).toBe(await ask("personal_sign", "0x68656c6c6f", from));
      await expect(ask("eth_sign", `0x${"44".repeat(20)}`, "0x00")).rejects.toMatchObject({ data: { code: "RPC_ACCOUNT_UNKNOWN" } });
    });
  });
}
