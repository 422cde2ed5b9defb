/** Noema's actions on a client of viem. */
import { readFileSync } from "node:fs";
import { decodeLabelledDigits } from "@noema/precompiles/heldout-digits";
import { createPublicClient, custom, type Hex, http, sha256, toBytes, toHex } from "viem";
import { describe, expect, it } from "vitest";
import { NoemaHttpError, noemaActions } from "../../node/library/viem.mjs";
import { digitReader } from "../harness/artifacts.ts";
import type { RunningDevnet } from "../harness/devnet.ts";
import { createClients, deploy } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";

const DIGITS = decodeLabelledDigits(readFileSync(new URL("../../precompiles/models/digits-heldout.bin", import.meta.url)));
const digit = DIGITS[7] as (typeof DIGITS)[number];

export function viemNoemaActions(net: () => RunningDevnet): void {
  describe("viem: Noema's actions", () => {
    const clientOf = (i = 0) => createPublicClient({ transport: http(net().rpcUrls[i]) }).extend(noemaActions());

    it("puts data and reads it back, whole, in part and from another validator", async () => {
      const client = clientOf();
      const data = toBytes("noema ".repeat(2000));
      const put = await client.putData({ data, namespace: "0xabcd" });
      expect(put).toMatchObject({ id: expect.stringMatching(/^0x[0-9a-f]{64}$/), bytes: data.length });
      const { id } = put;
      for (const [i] of net().rpcUrls.entries()) expect(toHex(await clientOf(i).getData({ id }))).toBe(toHex(data));
      expect(Buffer.from(await client.getData({ id, from: 6, to: 11 })).toString()).toBe("noema");
      expect(Buffer.from(await client.getData({ id, from: data.length - 6 })).toString()).toBe("noema ");
      const status = await client.getDataStatus({ id });
      expect(status).toMatchObject({ id, bytes: data.length, height: expect.any(BigInt), certificate: { kind: "blob" } });
      expect(await client.statData({ id })).toMatchObject({ bytes: data.length });
    });

    it("keeps a file's name, and says in words of the node what is refused", async () => {
      const client = clientOf();
      const { id } = await client.putData({ data: "hello", name: "hello wörld.txt", contentType: "text/plain" });
      expect(await client.statData({ id })).toMatchObject({ name: "hello wörld.txt", contentType: "text/plain" });
      const refused = client.putData({ data: "x", namespace: "0xabc" });
      await expect(refused).rejects.toBeInstanceOf(NoemaHttpError);
      await expect(refused).rejects.toMatchObject({ code: "RPC_DA_QUERY_INVALID", status: 400 });
      await expect(client.getData({ id: `0x${"00".repeat(32)}` })).rejects.toMatchObject({ status: expect.any(Number), code: /^DA_/ });
      expect(await client.getDataStatus({ id: `0x${"00".repeat(32)}` })).toBeNull();
      const plain = createPublicClient({ transport: custom({ request: async () => null }) });
      await expect(plain.extend(noemaActions()).getData({ id })).rejects.toThrow("give { url }");
      expect(Buffer.from(await plain.extend(noemaActions({ url: `${net().rpcUrl}/` })).getData({ id })).toString()).toBe("hello");
    });

    it("asks a model by its name, and is told of its layers in a transaction", async () => {
      const client = clientOf();
      const [model] = (await client.getModels()).filter(({ name }) => name === "digits");
      expect(model).toMatchObject({ gas: expect.any(BigInt), macs: expect.any(BigInt), output: { labels: expect.any(Array) } });
      const asked = { input: digit.input };
      const answer = await client.infer({ model: "digits", ...asked });
      expect(answer.label).toBe(String(digit.label));
      expect(await client.infer({ model: model?.id as Hex, input: toHex(digit.input), blockTag: "latest" })).toEqual(answer);
      await expect(client.infer({ model: "nobody", ...asked })).rejects.toThrow('no active model "nobody"');
      const c = createClients(net(), 3);
      const reader = await deploy(c, digitReader, [model?.id as Hex]);
      const classify = { address: reader, abi: digitReader.abi, functionName: "classify", args: [toHex(digit.input)] };
      const hash = await c.wallet.writeContract(classify as never);
      await c.publicClient.waitForTransactionReceipt({ hash });
      const { inferences } = await client.traceInference({ hash });
      expect(inferences[0]?.layers.at(-1)?.hash).toBe(sha256(answer.output));
      expect(await client.traceFailure({ hash })).toBeNull();
      expect(await client.getTransactionStatus({ hash })).toMatchObject({ ok: true });
      expect(await client.getBlobSidecar({ hash })).toBeNull();
    });

    it("gives the certificate of a block", async () => {
      const client = clientOf();
      const blockNumber = await client.getBlockNumber();
      const { hash, stateRoot } = await client.getBlock({ blockNumber });
      const expected = { number: blockNumber, blockHash: hash, stateRoot, certificate: { kind: "finalize" } };
      expect(await client.getCertificate({ blockNumber })).toMatchObject(expected);
      if (net().rpcUrls.length === 1) return; // nothing carries a lone validator's last result yet
      await until(
        async () => (await client.getFinality({ blockNumber })) !== null,
        () => `block ${blockNumber} has no certified result`,
      );
      expect(await client.getFinality({ blockNumber })).toMatchObject(expected);
      expect(await client.getFinality()).toMatchObject({ certificate: { kind: "finalize" } });
    });
  });
}
