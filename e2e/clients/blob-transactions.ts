/** Transactions with blobs, from a client to who reads them at any validator; and those that must not pass. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fromRlp, type Hex, hexToBytes, parseGwei, toBlobs, toHex, toRlp } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { kzg } from "../harness/kzg.ts";
import { type Clients, createClients } from "../harness/viem-clients.ts";

type Parts = [body: Hex[], blobs: Hex[], commitments: Hex[], proofs: Hex[]];
type Sidecar = { blobSidecar: { blobs: Hex[]; commitments: Hex[]; proofs: Hex[] }; txHash: Hex; txIndex: Hex; blockHash: Hex };

export function blobTransactions(net: () => RunningDevnet): void {
  describe("blob transactions", () => {
    let c: Clients;
    beforeAll(() => {
      c = createClients(net(), 6);
    });

    const request = (blobs: Hex[]) => ({
      blobs,
      kzg,
      type: "eip4844" as const,
      to: net().accounts[8]?.address as Hex,
      gas: 21_000n,
      chainId: net().chainId,
      maxFeePerBlobGas: parseGwei("1"),
      maxFeePerGas: parseGwei("10"),
      maxPriorityFeePerGas: parseGwei("1"),
    });
    const someBlobs = (text: string) => toBlobs({ data: toHex(text.repeat(100)) }) as Hex[];
    const wire = (...items: unknown[]) => `0x03${toRlp(items as Hex[]).slice(2)}` as Hex;
    const codeOf = (method: string, raw: Hex) =>
      rpc(net().rpcUrl, method, raw).then(
        () => "taken",
        (error) => error.data?.code,
      );
    async function signed(blobs: Hex[]): Promise<Parts> {
      const nonce = await c.publicClient.getTransactionCount({ address: c.account.address });
      return fromRlp(`0x${(await c.account.signTransaction({ ...request(blobs), nonce } as never)).slice(4)}`, "hex") as Parts;
    }

    it("are read at every validator as they were sent, with proofs of cells", async () => {
      const blobs = [...someBlobs("one"), ...someBlobs("two")];
      const hash = await c.wallet.sendTransaction(request(blobs) as never);
      const { blockHash } = await c.publicClient.waitForTransactionReceipt({ hash });
      const proofs = blobs.flatMap((blob) => kzg.computeCellProofs(hexToBytes(blob)).map((proof) => toHex(proof)));
      for (const url of net().rpcUrls) {
        const sidecar = await rpc<Sidecar>(url, "eth_getBlobSidecarByTxHash", hash);
        expect(sidecar).toMatchObject({ txHash: hash, txIndex: "0x0", blockHash });
        expect(sidecar.blobSidecar.blobs.map((x, i) => x === blobs[i])).toEqual([true, true]);
        expect(sidecar.blobSidecar.proofs).toEqual(proofs);
        const ofBlock = await rpc<Sidecar[]>(url, "eth_getBlobSidecars", blockHash, false);
        expect(ofBlock.map((x) => x.blobSidecar.blobs)).toEqual([blobs.map((x) => x.slice(0, 66))]);
        expect(await rpc(url, "anvil_getBlobsByTransactionHash", hash)).toEqual(blobs);
      }
      const [versioned] = (await c.publicClient.getTransaction({ hash })).blobVersionedHashes as Hex[];
      expect(await rpc(net().rpcUrl, "anvil_getBlobByHash", versioned)).toBe(blobs[0]);
      const beacon = async (path: string) => (await fetch(`${net().rpcUrl}/eth/v1/beacon/${path}`)).json();
      expect(await beacon(`blobs/${blockHash}?versioned_hashes=${versioned}`)).toMatchObject({ data: [blobs[0]] });
      expect(await beacon(`blob_sidecars/${blockHash}?indices=1`)).toMatchObject({ data: [{ index: "1", blob: blobs[1] }] });
    });

    it("have none where a block or a transaction has none", async () => {
      const hash = await c.wallet.sendTransaction({ to: net().accounts[8]?.address as Hex });
      const { blockHash } = await c.publicClient.waitForTransactionReceipt({ hash });
      expect(await rpc(net().rpcUrl, "eth_getBlobSidecars", blockHash)).toEqual([]);
      for (const method of ["eth_getBlobSidecarByTxHash", "anvil_getBlobsByTransactionHash", "anvil_getBlobByHash"])
        expect(await rpc(net().rpcUrl, method, hash)).toBeNull();
    });

    it("are refused without their blobs, with others, with wrong proofs and in a form that nobody knows", async () => {
      const [body, blobs, commitments, proofs] = await signed(someBlobs("bad"));
      const other = someBlobs("other");
      const point = kzg.blobToKzgCommitment(hexToBytes(other[0] as Hex));
      for (const method of ["eth_sendRawTransaction", "eth_sendRawTransactionSync"])
        expect(await codeOf(method, wire(...body))).toBe("TX_SIDECAR_MISSING");
      const send = (...items: unknown[]) => codeOf("eth_sendRawTransaction", wire(...items));
      expect(await send(body, other, commitments, proofs)).toBe("TX_SIDECAR_INVALID");
      expect(await send(body, blobs, commitments, [toHex(point)])).toBe("TX_SIDECAR_INVALID");
      expect(await send(body, other, [toHex(point)], proofs)).toBe("TX_SIDECAR_INVALID");
      expect(await send(body, [], [], [])).toBe("TX_SIDECAR_INVALID");
      expect(await send(body, "0x02", blobs, commitments, proofs)).toBe("TX_SIDECAR_INVALID");
      expect(await send(body, "0x01", blobs, commitments, Array(128).fill(proofs[0]))).toBe("TX_SIDECAR_INVALID");
      const [tooMany, ...rest] = await signed(Array(7).fill(blobs[0]));
      expect(await send(tooMany, ...rest)).toBe("TX_BLOBS_INVALID");
      expect(await send(body, blobs, commitments, proofs)).toBe("taken");
    });

    it("are there after a crash, and come back from others to who lost them", async () => {
      const blobs = someBlobs("kept");
      const hash = await c.wallet.sendTransaction(request(blobs) as never);
      await c.publicClient.waitForTransactionReceipt({ hash });
      const last = net().validators.length - 1;
      const { datadir, rpcUrl } = net().validators[last] as RunningDevnet["validators"][number];
      await net().kill(last);
      if (last > 0) rmSync(join(datadir, "blobs", "sidecars"), { recursive: true });
      await net().restart(last);
      expect(await rpc(rpcUrl, "anvil_getBlobsByTransactionHash", hash)).toEqual(blobs);
    });
  });
}
