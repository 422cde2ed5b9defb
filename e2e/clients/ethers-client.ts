/** ethers 6: contracts, every transaction type, errors, logs, batches and WebSocket subscriptions. */
import {
  AbiCoder,
  Contract,
  ContractFactory,
  getBytes,
  hexlify,
  JsonRpcProvider,
  keccak256,
  NonceManager,
  parseUnits,
  Transaction,
  Wallet,
  WebSocketProvider,
} from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { counter, token } from "../harness/artifacts.ts";
import type { RunningDevnet } from "../harness/devnet.ts";
import { kzg } from "../harness/kzg.ts";

const GWEI = (n: string) => parseUnits(n, "gwei");

export function ethersClient(net: () => RunningDevnet): void {
  describe("ethers", () => {
    let provider: JsonRpcProvider;
    let wallet: Wallet;
    let contract: Contract;
    beforeAll(async () => {
      provider = new JsonRpcProvider(net().rpcUrl, undefined, { cacheTimeout: -1, pollingInterval: 50 });
      wallet = new Wallet(net().accounts[2]?.privateKey as string, provider);
      const deployed = await new ContractFactory(counter.abi as never, counter.bytecode, wallet).deploy();
      await deployed.waitForDeployment();
      contract = deployed as Contract;
    });
    afterAll(() => provider.destroy());

    const mined = async (sent: Promise<{ wait(): Promise<unknown> }>) => (await (await sent).wait()) as { status: number; type: number };
    const other = () => net().accounts[8]?.address as string;

    it("finds out about the network", async () => {
      expect((await provider.getNetwork()).chainId).toBe(31337n);
      const fees = await provider.getFeeData();
      expect(fees.maxFeePerGas).toBeGreaterThan(fees.maxPriorityFeePerGas as bigint);
      expect(await provider.getBalance(wallet.address)).toBeGreaterThan(0n);
      const block = await provider.getBlock("latest", true);
      expect(block).toMatchObject({ baseFeePerGas: expect.any(BigInt), hash: expect.stringMatching(/^0x/) });
    });

    it("writes, reads, and finds events", async () => {
      const receipt = await (await contract.getFunction("set")(12n)).wait();
      expect(receipt.status).toBe(1);
      expect(await contract.getFunction("value")()).toBe(12n);
      expect(await contract.getFunction("set").staticCall(13n)).toBe(13n);
      const events = await contract.queryFilter(contract.filters.Changed?.(wallet.address) as never, 0);
      expect(events.length).toBeGreaterThanOrEqual(1);
      expect(events.at(-1)).toMatchObject({ args: [wallet.address, 12n, "set"], blockHash: receipt.blockHash });
    });

    it("tells a reason, a custom error and a panic apart", async () => {
      await expect(contract.getFunction("failWithReason").staticCall()).rejects.toMatchObject({
        code: "CALL_EXCEPTION",
        reason: "as asked",
      });
      await expect(contract.getFunction("set").staticCall(1001n)).rejects.toMatchObject({
        revert: { name: "TooHigh", args: [1001n, 1000n] },
      });
      await expect(contract.getFunction("failWithPanic").staticCall(0n)).rejects.toMatchObject({ revert: { name: "Panic" } });
      await expect(contract.getFunction("set").send(1001n)).rejects.toMatchObject({ code: "CALL_EXCEPTION", action: "estimateGas" });
      await expect(
        contract
          .getFunction("set")
          .send(1001n, { gasLimit: 100_000 })
          .then((tx) => tx.wait()),
      ).rejects.toMatchObject({
        code: "CALL_EXCEPTION",
        receipt: { status: 0 },
      });
    });

    it.each([0, 1, 2])("sends type %i", async (type) => {
      const price = type === 2 ? { maxFeePerGas: GWEI("9"), maxPriorityFeePerGas: GWEI("1") } : { gasPrice: GWEI("5") };
      const receipt = await mined(wallet.sendTransaction({ type, to: other(), value: 1n, ...price }));
      expect(receipt).toMatchObject({ status: 1, type });
    });

    it("sends type 3 with its sidecar", async () => {
      const tx = { type: 3, to: other(), maxFeePerBlobGas: GWEI("1"), blobs: [new Uint8Array(131_072).fill(1)], kzg: ethersKzg };
      const receipt = await mined(wallet.sendTransaction(tx as never));
      expect(receipt).toMatchObject({ status: 1, type: 3, blobGasUsed: 131_072n });
      const [blob] = (await provider.send("anvil_getBlobsByTransactionHash", [(receipt as unknown as { hash: string }).hash])) as [string];
      expect(blob).toBe(hexlify(tx.blobs[0] as Uint8Array));
    });

    it("sends type 4", async () => {
      const owner = Wallet.createRandom(provider);
      const address = await contract.getAddress();
      const authorization = await owner.authorize({ address, nonce: 0, chainId: net().chainId });
      const data = contract.interface.encodeFunctionData("set", [3n]);
      const receipt = await mined(
        wallet.sendTransaction({ type: 4, to: owner.address, data, gasLimit: 200_000, authorizationList: [authorization] }),
      );
      expect(receipt).toMatchObject({ status: 1, type: 4 });
      expect(await new Contract(owner.address, counter.abi as never, provider).getFunction("value")()).toBe(3n);
      const shown = await provider.getTransaction((receipt as unknown as { hash: string }).hash);
      expect(shown?.authorizationList?.[0]?.address).toBe(address);
    });

    it("gives back the bytes that were signed, and refuses them a second time", async () => {
      const request = await wallet.populateTransaction({ to: other(), value: 2n });
      const raw = await wallet.signTransaction(request);
      const sent = await provider.broadcastTransaction(raw);
      await sent.wait();
      expect(sent.hash).toBe(keccak256(raw));
      expect(await provider.send("eth_getRawTransactionByHash", [sent.hash])).toBe(raw);
      const found = await provider.getTransaction(sent.hash);
      expect(Transaction.from(found as never).serialized).toBe(raw);
      await expect(provider.broadcastTransaction(raw)).rejects.toMatchObject({ code: "NONCE_EXPIRED" });
    });

    it("counts nonces by itself", async () => {
      const manager = new NonceManager(wallet);
      const erc20 = await new ContractFactory(token.abi as never, token.bytecode, manager).deploy("Thought", "THT", 1000n);
      await erc20.waitForDeployment();
      const sends = await Promise.all(Array.from({ length: 10 }, () => (erc20 as Contract).getFunction("transfer")(other(), 1n)));
      const receipts = await Promise.all(sends.map((tx) => tx.wait()));
      expect(receipts.every((x) => x.status === 1)).toBe(true);
      expect(await (erc20 as Contract).getFunction("balanceOf")(other())).toBe(10n);
    });

    it("asks many things in one batch", async () => {
      const batching = new JsonRpcProvider(net().rpcUrl, 31337, { staticNetwork: true, batchStallTime: 20, cacheTimeout: -1 });
      const [block, balance, nonce, value] = await Promise.all([
        batching.getBlockNumber(),
        batching.getBalance(wallet.address),
        batching.getTransactionCount(wallet.address),
        batching.call({ to: await contract.getAddress(), data: contract.interface.encodeFunctionData("value") }),
      ]);
      expect([block > 0, balance > 0n, nonce > 0]).toEqual([true, true, true]);
      expect(AbiCoder.defaultAbiCoder().decode(["uint256"], value)).toHaveLength(1);
      batching.destroy();
    });

    it("hears of blocks and logs by WebSocket", async () => {
      const socket = new WebSocketProvider(net().wsUrl);
      const log = Promise.withResolvers<string>();
      const block = Promise.withResolvers<number>();
      await new Contract(await contract.getAddress(), counter.abi as never, socket).on("Changed", (_, value) => log.resolve(String(value)));
      await socket.on("block", block.resolve);
      await socket.getBlockNumber();
      const receipt = await (await contract.getFunction("set")(77n)).wait();
      expect(await log.promise).toBe("77");
      expect(await block.promise).toBeLessThanOrEqual(receipt.blockNumber + 1);
      await socket.removeAllListeners();
      await socket.send("eth_chainId", []); // answered after the unsubscriptions
      await socket.destroy();
    });
  });
}

/** ethers takes hex or bytes and gives hex. */
const ethersKzg = {
  blobToKzgCommitment: (blob: Uint8Array) => hexlify(kzg.blobToKzgCommitment(getBytes(blob))),
  computeBlobKzgProof: (blob: Uint8Array, commitment: Uint8Array) => hexlify(kzg.computeBlobKzgProof(getBytes(blob), getBytes(commitment))),
};
