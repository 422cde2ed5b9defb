/** What RPC tells, checked without trusting the node: certificates, block hashes, roots and proofs, by other libraries than ours. */
import { fileURLToPath } from "node:url";
import { createMPT, verifyMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { createChain } from "@noema/settlement/testing/chain";
import { fromRlp, type Hex, hexToBytes, keccak256, pad, toHex, toRlp } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { counter } from "../harness/artifacts.ts";
import { type RunningDevnet, rpc } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";
import { createClients, deploy } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";
import { type FinalityAnswer, isFinal } from "./verify-certificate.mjs";

const SCRIPT = fileURLToPath(new URL("verify-certificate.mjs", import.meta.url));
const WHOLE_HISTORY = 40;

type Fields = Record<string, Hex>;
type Log = { address: Hex; topics: Hex[]; data: Hex };
type Receipt = Fields & { logs: Log[] };
type Block = Fields & { transactions: Hex[] };

/** RLP's integers have no leading zeros, and zero is empty. */
const integer = (x: string | undefined): Hex => {
  const digits = (x ?? "0x0").slice(2).replace(/^0+/, "");
  return `0x${digits.length % 2 === 1 ? "0" : ""}${digits}`;
};

/** Osaka's header, EIP-7685 last. */
function headerRlp(b: Fields): Hex {
  const field = (name: string) => b[name] as Hex;
  return toRlp([
    ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom"].map(field),
    ...["difficulty", "number", "gasLimit", "gasUsed", "timestamp"].map((name) => integer(b[name])),
    ...["extraData", "mixHash", "nonce"].map(field),
    integer(b.baseFeePerGas),
    field("withdrawalsRoot"),
    ...["blobGasUsed", "excessBlobGas"].map((name) => integer(b[name])),
    ...["parentBeaconBlockRoot", "requestsHash"].map(field),
  ]);
}

function receiptRlp(r: Receipt): Hex {
  const logs = r.logs.map((log) => [log.address, log.topics, log.data]);
  const body = toRlp([integer(r.status), integer(r.cumulativeGasUsed), r.logsBloom as Hex, logs] as never);
  return r.type === "0x0" ? body : `0x0${(r.type as string).slice(2)}${body.slice(2)}`;
}

async function orderedRoot(items: readonly Hex[]): Promise<Hex> {
  const trie = await createMPT();
  for (const [i, item] of items.entries()) await trie.put(RLP.encode(i), hexToBytes(item));
  return toHex(trie.root());
}

/** The value under keccak256(key), or null, as the proof shows it; throws when it is no proof for the root. */
async function proven(root: Hex, key: Hex, proof: readonly Hex[]): Promise<Hex | null> {
  const nodes = proof.map((x) => hexToBytes(x));
  if (nodes[0] === undefined || keccak256(nodes[0]) !== root) throw new Error("the proof is of another root");
  const value = await verifyMerkleProof(hexToBytes(keccak256(key)), nodes);
  return value === null ? null : toHex(value);
}

export function certificateFace(net: () => RunningDevnet): void {
  describe("what needs no trust", () => {
    const ask = <T = unknown>(method: string, ...params: unknown[]) => rpc<T>(net().rpcUrl, method, ...params);
    let contract: Hex;
    let height: number;
    beforeAll(async () => {
      const c = createClients(net(), 0);
      contract = await deploy(c, counter);
      const first = await c.publicClient.getTransactionCount({ address: c.account.address });
      const gasPrice = 3_000_000_000n;
      const write = (i: number, fields: object) =>
        c.wallet.writeContract({
          address: contract,
          abi: counter.abi,
          functionName: "set",
          args: [BigInt(i + 1)],
          gas: 100_000n,
          nonce: first + i,
          ...fields,
        } as never);
      const hashes = await Promise.all([
        write(0, {}),
        write(1, { type: "legacy", gasPrice }),
        write(2, { type: "eip2930", gasPrice, accessList: [] }),
      ]);
      const receipts = await Promise.all(hashes.map((hash) => c.publicClient.waitForTransactionReceipt({ hash })));
      height = Math.max(...receipts.map((x) => Number(x.blockNumber)));
      await until(
        async () => {
          // One validator makes no block without a transaction, and the next headers carry the roots.
          if (net().rpcUrls.length === 1) await c.wallet.sendTransaction({ to: c.account.address } as never);
          return (await ask("noema_finality", toHex(height))) !== null;
        },
        () => `height ${height} is not final`,
      );
    });

    it("verifies certificates by the script, from every validator", async () => {
      for (const url of net().rpcUrls) {
        expect(await runCommand(process.execPath, [SCRIPT, url, String(height)])).toEqual({ code: 0, stdout: "final\n", stderr: "" });
      }
      expect((await runCommand(process.execPath, [SCRIPT, net().rpcUrl, "1"])).stdout).toBe("final\n");
    });

    it("refuses another hash, a flipped signer, too little stake (negative controls)", async () => {
      const answer = await ask<FinalityAnswer>("noema_finality", toHex(height));
      expect(isFinal(answer)).toBe(true);
      const { stateRootProof: proof, certificate, weights } = answer;
      const flip = (hex: string) => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}`;
      expect(isFinal({ ...answer, stateRootProof: { ...proof, leaf: flip(proof.leaf) } })).toBe(false);
      expect(isFinal({ ...answer, genesisHash: flip(answer.genesisHash) })).toBe(false);
      expect(isFinal({ ...answer, certificate: { ...certificate, view: toHex(BigInt(certificate.view) + 1n) } })).toBe(false);
      const bitmaps = weights.map((_, i) => toHex(Number(certificate.bitmap) ^ (1 << i), { size: 1 }));
      for (const bitmap of bitmaps) expect(isFinal({ ...answer, certificate: { ...certificate, bitmap } })).toBe(false);
      // The same good signature, where its signers have not more than two thirds of the stake.
      const signers = BigInt(answer.signedWeight);
      expect(isFinal({ ...answer, weights: [...weights, toHex(signers)] })).toBe(false);
    });

    it("is taken by the contract of an L1, which knows the root then, and refuses it changed", async () => {
      type Update = { header: Hex; view: Hex; certificate: object; provenHeight: Hex; validators: { hash: Hex; members: Hex } };
      const { genesisHash } = await ask<FinalityAnswer>("noema_finality", toHex(height));
      const { header, view, certificate, provenHeight, validators } = await ask<Update>("noema_getL1Update", toHex(height));
      const head = await (await createChain()).deploy("NoemaHead", genesisHash, validators.hash);
      await head.call("registerSet", validators.members);
      await expect(head.call("update", header, BigInt(view) + 1n, certificate)).rejects.toThrow("SignatureWrong()");
      await head.call("update", header, BigInt(view), certificate);
      const block = await ask<Block>("eth_getBlockByNumber", toHex(height), false);
      const { value: root } = await head.call("stateRootOf", BigInt(provenHeight));
      if (Number(provenHeight) === height) expect(root).toBe(block.stateRoot);
      expect(root).not.toBe(`0x${"00".repeat(32)}`);
    });

    it("has the EVM block's roots in the finalized consensus header", async () => {
      const answer = await ask<FinalityAnswer & { header: { exec: Fields; height: Hex } }>("noema_finality", toHex(height));
      const { exec } = answer.header;
      const block = await ask<Block>("eth_getBlockByNumber", exec.number, false);
      expect(Number(exec.number)).toBeGreaterThanOrEqual(height);
      expect([exec.evmBlockHash, exec.stateRoot, exec.receiptsRoot, exec.gasUsed]).toEqual([
        block.hash,
        block.stateRoot,
        block.receiptsRoot,
        block.gasUsed,
      ]);
      if (net().rpcUrls.length > 1) expect(Number(answer.header.height) - Number(exec.height)).toBeGreaterThanOrEqual(3);
      const own = await ask<{ header: { height: Hex } }>("noema_getCertificate", toHex(height));
      expect(Number(own.header.height)).toBeGreaterThanOrEqual(height);
    });

    it("hashes headers to block hashes, linked to their parents, on every validator", async () => {
      const from = Math.max(0, height - WHOLE_HISTORY);
      let parent: Block | undefined;
      for (let h = from; h <= height; h++) {
        const block = await ask<Block>("eth_getBlockByNumber", toHex(h), false);
        expect(keccak256(headerRlp(block))).toBe(block.hash);
        if (parent !== undefined) expect([block.parentHash, Number(block.number)]).toEqual([parent.hash, Number(parent.number) + 1]);
        parent = block;
      }
      for (const url of net().rpcUrls)
        expect((await rpc<Block>(url, "eth_getBlockByNumber", toHex(height), false)).hash).toBe(parent?.hash);
      expect(keccak256(headerRlp({ ...parent, gasUsed: "0x1" } as never))).not.toBe(parent?.hash);
    });

    it("recomputes the roots of transactions and receipts", async () => {
      let types = "";
      for (let h = Math.max(0, height - WHOLE_HISTORY); h <= height; h++) {
        const block = await ask<Block>("eth_getBlockByNumber", toHex(h), false);
        if (block.transactions.length === 0) continue;
        const raws = await Promise.all(block.transactions.map((hash) => ask<Hex>("eth_getRawTransactionByHash", hash)));
        expect(await orderedRoot(raws)).toBe(block.transactionsRoot);
        const receipts = await ask<Receipt[]>("eth_getBlockReceipts", toHex(h));
        expect(await orderedRoot(receipts.map(receiptRlp))).toBe(block.receiptsRoot);
        types += receipts.map((x) => x.type).join("");
      }
      for (const type of ["0x0", "0x1", "0x2"]) expect(types).toContain(type);
    });

    it("proves accounts, slots, and their absence", async () => {
      type Proof = Fields & { accountProof: Hex[]; storageProof: { key: Hex; value: Hex; proof: Hex[] }[] };
      for (const at of ["latest", toHex(height)]) {
        const absent = `0x${"ab".repeat(32)}` as Hex;
        const [block, proof] = await unlessHeadMoves(
          () => Promise.all([ask<Block>("eth_getBlockByNumber", at, false), ask<Proof>("eth_getProof", contract, ["0x0", absent], at)]),
          ask,
          at,
        );
        const root = block.stateRoot as Hex;
        const account = await proven(root, contract, proof.accountProof);
        const expected = [integer(proof.nonce), integer(proof.balance), proof.storageHash, proof.codeHash];
        expect(fromRlp(account as Hex, "hex")).toEqual(expected);
        expect(proof.codeHash).toBe(keccak256(counter.deployedBytecode));
        const [slot, missing] = proof.storageProof as [Proof["storageProof"][0], Proof["storageProof"][0]];
        expect(slot.key, "as it was asked").toBe("0x0");
        expect(await proven(proof.storageHash as Hex, pad(slot.key), slot.proof)).toBe("0x03");
        expect(slot.value).toBe("0x3");
        expect(await proven(proof.storageHash as Hex, missing.key, missing.proof)).toBeNull();
        expect(missing.value).toBe("0x0");
      }
      const nobody = `0x${"de".repeat(20)}` as Hex;
      const block = await ask<Block>("eth_getBlockByNumber", toHex(height), false);
      const proof = await ask<Proof>("eth_getProof", nobody, [], toHex(height));
      expect(await proven(block.stateRoot as Hex, nobody, proof.accountProof)).toBeNull();
      expect([proof.balance, proof.nonce]).toEqual(["0x0", "0x0"]);
      const tampered = [...proof.accountProof.slice(0, -1), `${proof.accountProof.at(-1)?.slice(0, -2)}00` as Hex];
      await expect(proven(block.stateRoot as Hex, nobody, tampered)).rejects.toThrow();
    });
  });
}

/** Asks again when a block came between the two questions. */
async function unlessHeadMoves<T>(
  read: () => Promise<T>,
  ask: <U>(method: string, ...params: unknown[]) => Promise<U>,
  at: string,
): Promise<T> {
  for (;;) {
    const before = await ask("eth_blockNumber");
    const answer = await read();
    if (at !== "latest" || before === (await ask("eth_blockNumber"))) return answer;
  }
}
