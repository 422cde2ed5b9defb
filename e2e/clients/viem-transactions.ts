/** Every type of transaction, and the flow of nonces, through viem. */
import {
  encodeFunctionData,
  fromRlp,
  type Hex,
  hexToBytes,
  keccak256,
  parseGwei,
  parseTransaction,
  recoverTransactionAddress,
  serializeTransaction,
  toBlobs,
  toHex,
  toRlp,
} from "viem";
import { generatePrivateKey, privateKeyToAccount, sign } from "viem/accounts";
import { beforeAll, describe, expect, it } from "vitest";
import { counter } from "../harness/artifacts.ts";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { kzg } from "../harness/kzg.ts";
import { type Clients, createClients, deploy } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";

const BURST = 50;

export function viemTransactions(net: () => RunningDevnet): void {
  describe("viem: transactions", () => {
    let c: Clients;
    let target: Hex;
    beforeAll(async () => {
      c = createClients(net(), 1);
      target = await deploy(c, counter);
    });

    const fees = { maxFeePerGas: parseGwei("10"), maxPriorityFeePerGas: parseGwei("1") };
    const to = () => net().accounts[8]?.address as Hex;
    const nonce = (blockTag: "latest" | "pending" = "pending", client = c) =>
      client.publicClient.getTransactionCount({ address: client.account.address, blockTag });
    const receipt = (hash: Hex, client = c) => client.publicClient.waitForTransactionReceipt({ hash });

    it.each([
      ["legacy", { type: "legacy", gasPrice: parseGwei("5") }],
      ["eip2930", { type: "eip2930", gasPrice: parseGwei("5") }],
      ["eip1559", { type: "eip1559", ...{ maxFeePerGas: parseGwei("10"), maxPriorityFeePerGas: parseGwei("1") } }],
    ])("sends %s", async (type, fields) => {
      const accessList = type === "legacy" ? {} : { accessList: [{ address: target, storageKeys: [`0x${"0".repeat(64)}`] }] };
      const data = encodeFunctionData({ abi: counter.abi, functionName: "increment" });
      const hash = await c.wallet.sendTransaction({ ...fields, ...accessList, to: target, data } as never);
      const mined = await receipt(hash);
      expect(mined).toMatchObject({ status: "success", type });
      const tx = await c.publicClient.getTransaction({ hash });
      expect(tx).toMatchObject({ type, chainId: net().chainId, blockHash: mined.blockHash, ...accessList });
      const raw = await rpc<Hex>(net().rpcUrl, "eth_getRawTransactionByHash", hash);
      expect(keccak256(raw)).toBe(hash);
      expect(await recoverTransactionAddress({ serializedTransaction: raw as never })).toBe(c.account.address);
    });

    it("sends a legacy transaction without EIP-155", async () => {
      const fields = { to: to(), value: 1n, gas: 21_000n, gasPrice: parseGwei("5"), nonce: await nonce() };
      const signature = await sign({
        hash: keccak256(serializeTransaction({ ...fields, type: "legacy" })),
        privateKey: net().accounts[1]?.privateKey as Hex,
      });
      const raw = serializeTransaction({ ...fields, type: "legacy" }, signature);
      const hash = await c.publicClient.sendRawTransaction({ serializedTransaction: raw });
      expect(await receipt(hash)).toMatchObject({ status: "success", gasUsed: 21_000n });
      const shown = await rpc<{ v: Hex; chainId?: Hex }>(net().rpcUrl, "eth_getTransactionByHash", hash);
      expect(["0x1b", "0x1c"]).toContain(shown.v);
      expect(shown.chainId).toBeUndefined();
    });

    it("sends a blob transaction with its sidecar", async () => {
      const blobs = toBlobs({ data: toHex("noema".repeat(1000)) });
      const request = { blobs, kzg, to: to(), maxFeePerBlobGas: parseGwei("1"), ...fees };
      const hash = await c.wallet.sendTransaction(request as never);
      const mined = await receipt(hash);
      expect(mined).toMatchObject({ status: "success", type: "eip4844", blobGasUsed: 131_072n });
      expect(mined.blobGasPrice).toBeGreaterThan(0n);
      const tx = await c.publicClient.getTransaction({ hash });
      const versioned = tx.blobVersionedHashes as Hex[];
      expect(versioned).toHaveLength(1);
      expect(versioned[0]?.slice(0, 4)).toBe("0x01");
      const block = await c.publicClient.getBlock({ blockHash: mined.blockHash });
      expect(block.blobGasUsed).toBe(131_072n);
    });

    it("sends a blob transaction with cell proofs (EIP-7594), and refuses it where one is missing", async () => {
      const blobs = toBlobs({ data: toHex("cells".repeat(500)) }) as Hex[];
      const request = {
        blobs,
        kzg,
        to: to(),
        gas: 21_000n,
        maxFeePerBlobGas: parseGwei("1"),
        chainId: net().chainId,
        type: "eip4844",
        ...fees,
      };
      const signed = await c.account.signTransaction({ ...request, nonce: await nonce() } as never);
      const [body, wireBlobs, commitments] = fromRlp(`0x${signed.slice(4)}`, "hex") as [Hex[], Hex[], Hex[], Hex[]];
      const cellProofs = kzg.computeCellProofs(hexToBytes(blobs[0] as Hex)).map((proof) => toHex(proof));
      const wire = (proofs: Hex[]) => `0x03${toRlp([body, "0x01", wireBlobs, commitments, proofs]).slice(2)}` as Hex;
      await expect(rpc(net().rpcUrl, "eth_sendRawTransaction", wire(cellProofs.slice(1)))).rejects.toMatchObject({
        data: { code: "TX_SIDECAR_INVALID" },
      });
      const hash = await rpc<Hex>(net().rpcUrl, "eth_sendRawTransaction", wire(cellProofs));
      expect(await receipt(hash)).toMatchObject({ status: "success", type: "eip4844" });
    });

    it("lets an account take a contract's code (EIP-7702) and give it back", async () => {
      const owner = privateKeyToAccount(generatePrivateKey());
      const chainId = net().chainId;
      const delegate = async (address: Hex, authNonce: number) => {
        const authorization = await owner.signAuthorization({ contractAddress: address, chainId, nonce: authNonce });
        const data = encodeFunctionData({ abi: counter.abi, functionName: "set", args: [7n] });
        const hash = await c.wallet.sendTransaction({
          authorizationList: [authorization],
          to: owner.address,
          data,
          gas: 300_000n,
        } as never);
        return receipt(hash);
      };
      const mined = await delegate(target, 0);
      expect(mined).toMatchObject({ status: "success", type: "eip7702" });
      expect(mined.logs[0]?.address.toLowerCase()).toBe(owner.address.toLowerCase());
      expect(await c.publicClient.getCode({ address: owner.address })).toBe(`0xef0100${target.slice(2).toLowerCase()}`);
      const value = { address: owner.address, abi: counter.abi, functionName: "value" } as const;
      expect(await c.publicClient.readContract(value)).toBe(7n);
      const tx = await c.publicClient.getTransaction({ hash: mined.transactionHash });
      expect(tx.authorizationList?.[0]).toMatchObject({ nonce: 0, chainId });
      await delegate("0x0000000000000000000000000000000000000000", 1);
      expect(await c.publicClient.getCode({ address: owner.address })).toBeUndefined();
    });

    it(`includes ${BURST} transactions of one account, fired at once through all validators`, async () => {
      const clients = net().rpcUrls.map((_, validator) => createClients(net(), 3, validator));
      const first = await nonce("pending", clients[0]);
      const shared = { to: to(), value: 1n, gas: 21_000n, ...fees };
      const hashes = await Promise.all(
        Array.from({ length: BURST }, (_, i) => {
          const client = clients[i % clients.length] as Clients;
          return client.wallet.sendTransaction({ ...shared, nonce: first + i } as never);
        }),
      );
      const mined = await Promise.all(hashes.map((hash) => receipt(hash, clients[0])));
      expect(mined.every((x) => x.status === "success")).toBe(true);
      for (const client of clients) {
        await until(
          async () => (await nonce("latest", client)) === first + BURST,
          () => "a validator does not see all of them",
        );
      }
      const order = mined.map((x) => x.blockNumber * 10_000n + BigInt(x.transactionIndex));
      expect(order).toEqual([...order].sort((a, b) => (a < b ? -1 : 1)));
    });

    it("keeps a transaction behind a gap until the gap is filled, and counts pending nonces", async () => {
      const client = createClients(net(), 4);
      const first = await nonce("pending", client);
      const shared = { to: to(), value: 1n, gas: 21_000n, ...fees };
      const later = await client.wallet.sendTransaction({ ...shared, nonce: first + 1 } as never);
      expect(await nonce("pending", client)).toBe(first);
      expect(await rpc(net().rpcUrl, "eth_getTransactionByHash", later)).toMatchObject({ hash: later, blockHash: null, blockNumber: null });
      expect(await rpc(net().rpcUrl, "eth_getTransactionReceipt", later)).toBeNull();
      const pool = await rpc<{ queued: Record<string, unknown> }>(net().rpcUrl, "txpool_contentFrom", client.account.address);
      expect(Object.keys(pool.queued)).toEqual([String(first + 1)]);

      // While it waits it can be replaced, by more than 10 % only.
      const replace = (factor: bigint) =>
        client.wallet.sendTransaction({
          ...shared,
          value: 2n,
          nonce: first + 1,
          maxFeePerGas: (fees.maxFeePerGas * factor) / 100n,
          maxPriorityFeePerGas: (fees.maxPriorityFeePerGas * factor) / 100n,
        } as never);
      await expect(replace(105n)).rejects.toThrow(/underpriced/);
      const replacement = await replace(120n);
      await client.wallet.sendTransaction({ ...shared, nonce: first } as never);
      expect(await receipt(replacement, client)).toMatchObject({ status: "success" });
      expect(await rpc(net().rpcUrl, "eth_getTransactionByHash", later)).toBeNull();
      expect(await nonce("latest", client)).toBe(first + 2);
    });

    it("round-trips what eth_signTransaction signs", async () => {
      const from = net().accounts[5]?.address as Hex;
      const { raw, tx } = await rpc<{ raw: Hex; tx: { r: Hex; s: Hex } }>(net().rpcUrl, "eth_signTransaction", {
        from,
        to: to(),
        value: "0x5",
      });
      const parsed = parseTransaction(raw as `0x02${string}`) as { r?: Hex; s?: Hex };
      expect(parsed).toMatchObject({ value: 5n, chainId: net().chainId });
      expect([parsed.r, parsed.s].map((x) => BigInt(x as Hex))).toEqual([tx.r, tx.s].map(BigInt));
      const sent = await rpc<Hex>(net().rpcUrl, "eth_sendTransaction", { from, to: to(), value: "0x5" });
      expect(await receipt(sent)).toMatchObject({ status: "success" });
    });
  });
}
