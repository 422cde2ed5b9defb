/** What a dApp does through viem: contracts, reverts, logs, subscriptions. */
import {
  createPublicClient,
  decodeErrorResult,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  keccak256,
  parseAbiItem,
  parseEther,
  webSocket,
} from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { counter, token, workshop } from "../harness/artifacts.ts";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { type Clients, createClients, deploy } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";

/** Init code whose contract destroys itself when called: PUSH2 CALLER SELFDESTRUCT, stored and returned. */
const SELF_DESTROYING = "0x6133ff6000526002601ef3" as const;
/** Destroys itself while it is created (EIP-6780 removes it then). */
const STILLBORN = "0x33ff" as const;

export function viemContracts(net: () => RunningDevnet): void {
  describe("viem: contracts", () => {
    let c: Clients;
    let address: `0x${string}`;
    beforeAll(async () => {
      c = createClients(net(), 0);
      address = await deploy(c, counter);
    });

    const write = async (functionName: string, args: readonly unknown[] = [], more: object = {}) => {
      const hash = await c.wallet.writeContract({ address, abi: counter.abi, functionName, args, ...more } as never);
      return c.publicClient.waitForTransactionReceipt({ hash });
    };
    const read = (functionName: string) => c.publicClient.readContract({ address, abi: counter.abi, functionName });

    it("has the code of the artifact, and reads what it writes", async () => {
      expect(await c.publicClient.getCode({ address })).toBe(counter.deployedBytecode);
      const receipt = await write("set", [41n]);
      expect(receipt.status).toBe("success");
      await write("increment");
      expect(await read("value")).toBe(42n);
      expect(await c.publicClient.getStorageAt({ address, slot: "0x0" })).toBe(`0x${"2a".padStart(64, "0")}`);
      // The past is still readable, by number and by hash.
      const past = { address, abi: counter.abi, functionName: "value", blockNumber: receipt.blockNumber } as const;
      expect(await c.publicClient.readContract(past)).toBe(41n);
      expect(await c.publicClient.readContract({ ...past, blockNumber: undefined, blockHash: receipt.blockHash } as never)).toBe(41n);
    });

    it("finds events by topics, ranges and block hash", async () => {
      const event = parseAbiItem("event Changed(address indexed by, uint256 indexed value, string note)");
      const receipt = await write("set", [777n]);
      const at = { address, event, fromBlock: 0n } as const;
      const logs = await c.publicClient.getLogs({ ...at, args: { value: 777n } });
      expect(logs.map((log) => log.args.note)).toEqual(["set"]);
      expect(logs[0]).toMatchObject({ blockHash: receipt.blockHash, transactionHash: receipt.transactionHash, removed: false });
      expect(await c.publicClient.getLogs({ ...at, args: { value: [778n, 777n] } })).toHaveLength(1);
      expect(await c.publicClient.getLogs({ ...at, args: { value: 778n } })).toEqual([]);
      expect(await c.publicClient.getLogs({ address, event, blockHash: receipt.blockHash })).toHaveLength(1);
      expect(await c.publicClient.getLogs({ ...at, args: { by: c.account.address } })).not.toHaveLength(0);
    });

    it("polls filters of logs and of blocks", async () => {
      const filter = await c.publicClient.createContractEventFilter({ address, abi: counter.abi });
      const blocks = await c.publicClient.createBlockFilter();
      const receipt = await write("increment");
      const changes = await c.publicClient.getFilterChanges({ filter });
      expect(changes).toHaveLength(1);
      expect(await c.publicClient.getFilterChanges({ filter })).toEqual([]);
      expect(await c.publicClient.getFilterChanges({ filter: blocks })).toContain(receipt.blockHash);
      expect(await c.publicClient.uninstallFilter({ filter })).toBe(true);
      await expect(c.publicClient.getFilterChanges({ filter })).rejects.toThrow(/filter not found/);
    });

    it("decodes a reason, a custom error and a panic", async () => {
      const simulate = (functionName: string, args: readonly unknown[] = []) =>
        c.publicClient.simulateContract({ address, abi: counter.abi, functionName, args, account: c.account } as never);
      await expect(simulate("failWithReason")).rejects.toThrow("as asked");
      await expect(simulate("set", [1001n])).rejects.toThrow(/TooHigh\(uint256 value, uint256 limit\)[\s\S]*\(1001, 1000\)/);
      await expect(simulate("failWithPanic", [0n])).rejects.toThrow(/division or modulo by zero/i);
      const failing = { account: c.account, to: address, data: encodeFunctionData({ abi: counter.abi, functionName: "failWithReason" }) };
      await expect(c.publicClient.estimateGas(failing)).rejects.toThrow("as asked");
    });

    it("includes a transaction that reverts or runs out of gas, with status 0", async () => {
      const reverted = await write("set", [5000n], { gas: 100_000n });
      expect(reverted).toMatchObject({ status: "reverted", logs: [] });
      const exhausted = await write("burnGas", [], { gas: 120_000n });
      expect(exhausted).toMatchObject({ status: "reverted", gasUsed: 120_000n });
    });

    it("undoes the inner call that was caught", async () => {
      const before = await read("value");
      const receipt = await write("tryToSet", [2000n]);
      expect(receipt).toMatchObject({ status: "success" });
      expect(receipt.logs).toHaveLength(1);
      expect(await read("value")).toBe(before);
    });

    it("estimates gas that is enough, and not much more than is used", async () => {
      const data = encodeFunctionData({ abi: counter.abi, functionName: "increment" });
      const gas = await c.publicClient.estimateGas({ account: c.account, to: address, data });
      const receipt = await write("increment", [], { gas });
      expect(receipt.status).toBe("success");
      expect(gas).toBeLessThan((receipt.gasUsed * 13n) / 10n);
    });

    it("simulates with overridden state", async () => {
      const slot = `0x${"0".repeat(64)}` as const;
      const value = `0x${(999).toString(16).padStart(64, "0")}` as const;
      const stateOverride = [{ address, stateDiff: [{ slot, value }] }];
      expect(await c.publicClient.readContract({ address, abi: counter.abi, functionName: "value", stateOverride })).toBe(999n);
      expect(await read("value")).not.toBe(999n);
    });

    it("moves a token and refuses more than there is", async () => {
      const erc20 = await deploy(c, token, ["Thought", "THT", parseEther("1000")]);
      const to = net().accounts[9]?.address as `0x${string}`;
      const hash = await c.wallet.writeContract({ address: erc20, abi: token.abi, functionName: "transfer", args: [to, 5n] } as never);
      expect((await c.publicClient.waitForTransactionReceipt({ hash })).status).toBe("success");
      const contract = { address: erc20, abi: token.abi };
      expect(await c.publicClient.readContract({ ...contract, functionName: "balanceOf", args: [to] })).toBe(5n);
      expect(await c.publicClient.readContract({ ...contract, functionName: "symbol" })).toBe("THT");
      const tooMuch = { ...contract, functionName: "transfer", args: [to, parseEther("2000")], account: c.account };
      await expect(c.publicClient.simulateContract(tooMuch as never)).rejects.toThrow("InsufficientBalance");
    });

    it("runs loops, nested calls, CREATE2 and SELFDESTRUCT", async () => {
      const shop = await deploy(c, workshop, [0n]);
      const call = (functionName: string, args: readonly unknown[], more: object = {}) =>
        c.publicClient.readContract({ address: shop, abi: workshop.abi, functionName, args, ...more } as never) as Promise<unknown>;
      const send = async (functionName: string, args: readonly unknown[], more: object = {}) => {
        const hash = await c.wallet.writeContract({ address: shop, abi: workshop.abi, functionName, args, ...more } as never);
        return c.publicClient.waitForTransactionReceipt({ hash });
      };
      expect(await call("sum", [20_000n])).toBe((19_999n * 20_000n * 39_999n) / 6n);
      expect(await call("descend", [40n, false])).toBe(41n);
      await expect(call("descend", [3n, true])).rejects.toThrow(/Unwanted/);
      expect((await send("push", [30n])).status).toBe("success");
      expect(await call("numbers", [29n])).toBe(29n);

      const salt = keccak256("0x01");
      const expected = getContractAddress({ opcode: "CREATE2", from: shop, salt, bytecode: SELF_DESTROYING });
      const made = await send("make", [SELF_DESTROYING, salt], { value: 3n });
      expect(made.status).toBe("success");
      expect(await c.publicClient.getCode({ address: expected })).toBe("0x33ff");
      await expect(call("make", [SELF_DESTROYING, salt])).rejects.toThrow(); // a second one at the same address
      await send("poke", [expected, "0x"]);
      // EIP-6780: the balance moves, the code stays, since it was not made in this transaction.
      expect(await c.publicClient.getBalance({ address: expected })).toBe(0n);
      expect(await c.publicClient.getBalance({ address: shop })).toBe(3n);
      expect(await c.publicClient.getCode({ address: expected })).toBe("0x33ff");
      const gone = getContractAddress({ opcode: "CREATE2", from: shop, salt, bytecode: STILLBORN });
      expect((await send("make", [STILLBORN, salt])).status).toBe("success");
      expect(await c.publicClient.getCode({ address: gone })).toBeUndefined();
    });

    it("fails a deployment whose constructor reverts, and says why beforehand", async () => {
      const deployment = { abi: workshop.abi, bytecode: workshop.bytecode, args: [9n] } as never;
      const data = encodeDeployData(deployment);
      const estimate = rpc(net().rpcUrl, "eth_estimateGas", { from: c.account.address, data });
      const refused = (await estimate.catch((error) => error)) as { data: `0x${string}` };
      expect(refused).toMatchObject({ code: 3, message: "execution reverted" });
      const decoded = decodeErrorResult({ abi: workshop.abi, data: refused.data });
      expect(decoded).toMatchObject({ errorName: "Unwanted", args: [c.account.address, 9n] });
      const hash = await c.wallet.deployContract({ ...(deployment as object), gas: 1_000_000n } as never);
      const receipt = await c.publicClient.waitForTransactionReceipt({ hash });
      expect(receipt.status).toBe("reverted");
      expect(await c.publicClient.getCode({ address: receipt.contractAddress as `0x${string}` })).toBeUndefined();
    });

    it("subscribes to heads and logs by WebSocket", async () => {
      const socket = createPublicClient({ transport: webSocket(net().wsUrl, { retryCount: 0, reconnect: false }) });
      const heads: bigint[] = [];
      const notes: unknown[] = [];
      const failed: Error[] = [];
      const onError = (error: Error) => void failed.push(error);
      const event = parseAbiItem("event Changed(address indexed by, uint256 indexed value, string note)");
      const onBlock = (block: { number: bigint | null } | undefined) => {
        if (block === undefined) return; // viem's way of saying that it could not ask for the block: the socket was closed meanwhile
        heads.push(block.number as bigint);
      };
      const onLogs = (logs: readonly { args: { note?: string | undefined } }[]) => {
        notes.push(...logs.map((log) => log.args.note));
      };
      const stopHeads = socket.watchBlocks({ onBlock, onError });
      const stopLogs = socket.watchEvent({ address, event, onLogs, onError });
      await socket.getChainId(); // the subscriptions were asked for before on the same connection
      const first = await write("set", [1n]);
      const second = await write("increment");
      const own = [first.blockNumber, second.blockNumber];
      await until(
        () => notes.length >= 2 && heads.some((height) => own.includes(height)),
        () => `notes ${notes}, heads ${heads}`,
      );
      expect(failed).toEqual([]);
      expect(notes).toEqual(["set", "increment"]);
      expect(new Set(heads).size).toBe(heads.length);
      stopHeads();
      stopLogs();
      (await socket.transport.getRpcClient()).close();
    });
  });
}
