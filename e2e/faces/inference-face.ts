/** Inference: the same answer from every validator, its published price, and the demo that a person runs. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeLabelledDigits } from "@noema/precompiles/heldout-digits";
import {
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseAbiParameters,
  sha256,
  stringToBytes,
  toHex,
} from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { digitReader, recordedInference, twoReadings } from "../harness/artifacts.ts";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { runCommand } from "../harness/run-command.ts";
import { type Clients, createClients, deploy } from "../harness/viem-clients.ts";

const MODEL_INFO = `0x${"0a00".padStart(40, "0")}` as const;
const INFER = `0x${"0a01".padStart(40, "0")}` as const;
const LAUNCHER = fileURLToPath(new URL("../../bin/noema.mjs", import.meta.url));
const DIGITS = decodeLabelledDigits(readFileSync(new URL("../../precompiles/models/digits-heldout.bin", import.meta.url)));
const INPUT = DIGITS[7]?.input as Uint8Array;

const words = (bytes: number) => Math.ceil(bytes / 32);

export function inferenceFace(net: () => RunningDevnet): void {
  describe("inference", () => {
    const ask = <T = unknown>(method: string, ...params: unknown[]) => rpc<T>(net().rpcUrl, method, ...params);
    let c: Clients;
    let model: { id: Hex; name: string; inputBytes: number; outputBytes: number; gas: Hex };
    beforeAll(async () => {
      c = createClients(net(), 1);
      model = (await ask<(typeof model)[]>("noema_models")).find((x) => x.name === "digits") as typeof model;
    });
    const callData = (input: Uint8Array = INPUT): Hex => `${model.id}${Buffer.from(input).toString("hex")}`;

    it("answers the same everywhere, by call and by contract", async () => {
      const scores = await Promise.all(net().rpcUrls.map((url) => rpc<Hex>(url, "eth_call", { to: INFER, data: callData() }, "latest")));
      expect(new Set(scores).size).toBe(1);
      expect(Buffer.from((scores[0] as Hex).slice(2), "hex")).toHaveLength(10);
      const reader = await deploy(c, digitReader, [model.id]);
      const hash = await c.wallet.writeContract({
        address: reader,
        abi: digitReader.abi,
        functionName: "classify",
        args: [toHex(INPUT)],
      } as never);
      expect((await c.publicClient.waitForTransactionReceipt({ hash })).status).toBe("success");
      const last = { address: reader, abi: digitReader.abi, functionName: "lastReading", args: [c.account.address] };
      const [, digit, packed] = (await c.publicClient.readContract(last as never)) as [bigint, number, Hex];
      expect(packed).toBe(scores[0]);
      expect(digit).toBe(DIGITS[7]?.label);
    });

    it("is told layer by layer, with equal hashes everywhere, by RPC and by noema trace", async () => {
      type Traced = { models: Record<Hex, string>; inferences: { model: Hex; output: Hex; layers: { operator: string; hash: Hex }[] }[] };
      const reader = await deploy(c, digitReader, [model.id]);
      const hash = await c.wallet.writeContract({
        address: reader,
        abi: digitReader.abi,
        functionName: "classify",
        args: [toHex(INPUT)],
      } as never);
      await c.publicClient.waitForTransactionReceipt({ hash });
      const told = await Promise.all(net().rpcUrls.map((url) => rpc<Traced>(url, "noema_traceInference", hash)));
      for (const { models, inferences } of told) {
        expect(models[model.id]).toBe("digits");
        expect(inferences).toMatchObject([{ model: model.id, from: reader.toLowerCase(), layers: expect.any(Array) }]);
        expect(inferences[0]?.layers.map((x) => x.hash)).toEqual(told[0]?.inferences[0]?.layers.map((x) => x.hash));
      }
      const { layers = [], output } = told[0]?.inferences[0] ?? {};
      expect(layers.length).toBeGreaterThan(2);
      expect(layers.at(-1)?.hash).toBe(sha256(output as Hex));
      const called = await ask<Traced>("noema_traceInference", { to: INFER, data: callData() });
      expect(called.inferences[0]?.layers.map((x) => x.hash)).toEqual(layers.map((x) => x.hash));
      const other = INPUT.map((byte, i) => (i === 300 ? byte ^ 0x7f : byte));
      const differs = await ask<Traced>("noema_traceInference", { to: INFER, data: callData(other) });
      expect(differs.inferences[0]?.layers[0]?.hash).not.toBe(layers[0]?.hash);
      expect((await ask<Traced>("noema_traceInference", { to: reader, data: "0x" })).inferences).toEqual([]);
      const { stdout: shown } = await runCommand(process.execPath, [LAUNCHER, "trace", hash, "--rpc", net().rpcUrl]);
      expect(shown).toContain(`inference of digits: ${layers.length} layers`);
      for (const layer of layers) expect(shown).toContain(layer.hash.slice(0, 18));
    });

    it("answers twice in one transaction, and a line of Solidity uses each", async () => {
      const contract = await deploy(c, twoReadings);
      const [three, eight] = [3, 8].map((label) => toHex(DIGITS.find((x) => x.label === label)?.input as Uint8Array));
      const call = { address: contract, abi: twoReadings.abi, functionName: "compare", args: [model.id, three, eight] };
      const hash = await c.wallet.writeContract(call as never);
      expect((await c.publicClient.waitForTransactionReceipt({ hash })).status).toBe("success");
      expect(await c.publicClient.readContract({ address: contract, abi: twoReadings.abi, functionName: "largest" } as never)).toBe(8n);
    });

    it("what stands in for it in simulators answers as it does, and refuses what was not recorded", async () => {
      const shim = await deploy(c, recordedInference);
      const scores = await ask<Hex>("eth_call", { to: INFER, data: callData() }, "latest");
      const recorded = encodeAbiParameters(parseAbiParameters("bytes32, bytes, bytes"), [
        keccak256(stringToBytes("noema.inference.record")),
        callData(),
        scores,
      ]);
      const hash = await c.wallet.sendTransaction({ to: shim, data: recorded } as never);
      expect((await c.publicClient.waitForTransactionReceipt({ hash })).status).toBe("success");
      expect(await ask<Hex>("eth_call", { to: shim, data: callData() }, "latest")).toBe(scores);
      const refused = { code: 3, data: toHex(1, { size: 32 }) };
      await expect(ask("eth_call", { to: shim, data: concatHex([callData(), "0x00"]) }, "latest")).rejects.toMatchObject(refused);
      await expect(ask("eth_call", { to: shim, data: "0x" }, "latest")).rejects.toMatchObject(refused);
    });

    it("says what its bytes mean", async () => {
      const shown = (await ask<Record<string, unknown>[]>("noema_models")).find((x) => x.id === model.id);
      expect(shown).toMatchObject({
        input: { dtype: "int8", shape: [28, 28, 1], encoding: expect.stringContaining("round(255 p) - 128") },
        output: { dtype: "int8", shape: [10], labels: [..."0123456789"], temperature: 12 },
      });
    });

    it("costs what the published formula says", async () => {
      const info = await ask<Hex>("eth_call", { to: MODEL_INFO, data: model.id }, "latest");
      const word = (i: number) => BigInt(`0x${info.slice(2 + 64 * i, 66 + 64 * i)}`);
      expect(info).toHaveLength(2 + 9 * 64);
      expect(word(0)).toBe(2n); // active
      const [units, inputBytes, outputBytes, weightBytes] = [word(3), Number(word(4)), Number(word(5)), word(6)];
      expect([inputBytes, outputBytes]).toEqual([784, 10]);
      const inference = 3000n + 3n * BigInt(words(inputBytes) + words(outputBytes)) + (units + 63n) / 64n;
      const cold = 2600n + weightBytes / 32n;
      expect(BigInt(await ask<Hex>("noema_inferGas", model.id))).toBe(inference);
      expect(BigInt(model.gas)).toBe(inference);

      // A transaction straight to the precompile, from the same account; all but the precompile's gas is calldata's.
      const data = callData();
      const hash = await c.wallet.sendTransaction({ to: INFER, data, gas: 2_000_000n } as never);
      const receipt = await c.publicClient.waitForTransactionReceipt({ hash });
      const bytes = Buffer.from(data.slice(2), "hex");
      const tokens = bytes.reduce((sum, byte) => sum + (byte === 0 ? 1 : 4), 0);
      const spent = 21_000n + 4n * BigInt(tokens) + inference + cold;
      const floor = 21_000n + 10n * BigInt(tokens); // EIP-7623
      expect(receipt).toMatchObject({ status: "success", gasUsed: spent > floor ? spent : floor });
    });

    it("says why there is no answer, leaves the rest of the gas, and the contract says InferenceFailed", async () => {
      const unknown = `0x${"77".repeat(32)}${callData().slice(66)}` as Hex;
      const absent = `0x${"0a05".padStart(40, "0")}`;
      const refusals: [Hex, Hex, number][] = [
        [INFER, unknown, 1],
        [INFER, callData(INPUT.subarray(1)), 3],
        [INFER, "0x", 3],
        [absent as Hex, "0x", 6],
      ];
      for (const [to, data, reason] of refusals)
        await expect(ask("eth_call", { to, data, gas: "0x100000" }, "latest")).rejects.toMatchObject({
          code: 3,
          data: toHex(reason, { size: 32 }),
        });
      const hash = await c.wallet.sendTransaction({ to: INFER, data: unknown, gas: 300_000n } as never);
      const { status, gasUsed } = await c.publicClient.waitForTransactionReceipt({ hash });
      expect(status).toBe("reverted");
      expect(gasUsed).toBeLessThan(60_000n);
      const reader = await deploy(c, digitReader, [model.id]);
      const starved = encodeFunctionData({ abi: digitReader.abi, functionName: "read", args: [toHex(INPUT)] });
      await expect(ask("eth_call", { to: reader, data: starved, gas: toHex(60_000) }, "latest")).rejects.toThrow();
      const short = { address: reader, abi: digitReader.abi, functionName: "read", args: ["0x00"] };
      await expect(c.publicClient.readContract(short as never)).rejects.toThrow("NotADigitPicture");
      // A constructor that asks about a model that is not there.
      const data = `${digitReader.bytecode}${"77".repeat(32)}`;
      await expect(ask("eth_estimateGas", { from: c.account.address, data })).rejects.toMatchObject({
        code: 3,
        data: expect.stringMatching(/^0x/),
      });
    });

    it("reads at least 95 of 100 digits in the demo, with equal state roots", async () => {
      const { code, stdout } = await runCommand(process.execPath, [LAUNCHER, "demo", "--json", "--rpc", net().rpcUrl]);
      expect(code).toBe(0);
      const summary = JSON.parse(stdout) as { correct: number; total: number; gasPerInference: number; blocks: number; stateRoots: Hex[] };
      expect(summary.total).toBe(100);
      expect(summary.correct).toBeGreaterThanOrEqual(95);
      expect(summary.gasPerInference).toBeGreaterThan(Number(model.gas));
      expect(summary.blocks).toBeGreaterThan(0);
      expect(summary.stateRoots).toHaveLength(net().rpcUrls.length);
      expect(new Set(summary.stateRoots).size).toBe(1);
    });
  });
}

/** Needs no devnet: it must not start. */
export function backendSwitch(): void {
  it.each(["webgpu", "remote"])("says that the back end %s is not there", async (backend) => {
    const failed = await startDevnet(["--validators", "1", "--backend", backend]).then(
      (net) => net.destroy(),
      (error: Error) => error,
    );
    expect(failed).toBeInstanceOf(Error);
    expect((failed as Error).message).toContain("BACKEND_UNAVAILABLE");
    expect((failed as Error).message).toContain(`back end ${backend}`);
  });
}
