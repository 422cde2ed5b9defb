/**
 * Four validators infer by one gpu-worker, which turns: from some batch on each of its results has a wrong bit. Every validator puts it
 * out of service by itself, the chain holds what the judge says for each transaction, and all have one state.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nullLogger } from "@noema/core/testing/null-ports";
import { startGpuWorker } from "@noema/node/gpu-worker/server";
import { createBackend } from "@noema/precompiles/backend/create-backend";
import { createLocalBackend } from "@noema/precompiles/backend/local-backend";
import { decodeLabelledDigits } from "@noema/precompiles/heldout-digits";
import { loadModel } from "@noema/precompiles/model/load";
import { runModel } from "@noema/precompiles/model/run-model";
import { type Hex, toHex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { digitReader } from "../harness/artifacts.ts";
import { requireOneChain } from "../harness/chain.ts";
import { type RunningDevnet, rpc, startDevnet } from "../harness/devnet.ts";
import { createClients, deploy } from "../harness/viem-clients.ts";
import { until } from "../harness/wait.ts";

const models = new URL("../../precompiles/models/", import.meta.url);
const model = loadModel(readFileSync(new URL("digits.nmodel", models)));
const digits = decodeLabelledDigits(readFileSync(new URL("digits-heldout.bin", models))).map((x) => x.input);

let devnet: RunningDevnet;
let lies = false;
let answered = 0;
let stopWorker = async () => {};
beforeAll(async () => {
  const honest = createLocalBackend(createBackend("wasm"));
  const backend: typeof honest = {
    async submit(asked, inputs) {
      const outputs = await honest.submit(asked, inputs);
      answered += inputs.length;
      return lies ? outputs.map((x) => x.map((byte) => byte ^ 1)) : outputs;
    },
  };
  const worker = await startGpuWorker({ host: "127.0.0.1", port: 0, hosts: [], backend, name: "one that turns", logger: nullLogger });
  stopWorker = worker.stop;
  devnet = await startDevnet(["--validators", "4", "--silent", "--backend", "remote", "--gpu-worker", `http://127.0.0.1:${worker.port}`]);
});
afterAll(async () => {
  await devnet?.destroy();
  await stopWorker();
});

it("is out of service everywhere, and nothing of it is on the chain", async () => {
  const c = createClients(devnet, 1);
  const [{ id }] = await rpc<[{ id: Hex }]>(devnet.rpcUrl, "noema_models");
  const address = await deploy(c, digitReader, [id]);
  const read = async (digit: number) => {
    const input = digits[digit] as Uint8Array;
    const call = { address, abi: digitReader.abi, functionName: "classify", args: [toHex(input)] };
    const hash = await c.wallet.writeContract(call as never);
    expect((await c.publicClient.waitForTransactionReceipt({ hash })).status).toBe("success");
    const last = { address, abi: digitReader.abi, functionName: "lastReading", args: [c.account.address] };
    const [, , packed] = (await c.publicClient.readContract(last as never)) as [bigint, number, Hex];
    expect(packed).toBe(toHex(runModel(model, input)));
  };
  for (let i = 0; i < 4; i++) await read(i);
  const before = answered;
  expect(before).toBeGreaterThan(40); // the known answers, which each validator asked
  lies = true;
  const logs = () => devnet.validators.map(({ datadir }) => readFileSync(join(datadir, "node.log"), "utf8"));
  const out = () => logs().filter((log) => log.includes("an inference back end is out of service")).length;
  let next = 4;
  while (out() < 4 && next < 60) await read(next++);
  await until(
    () => out() === 4,
    () => `only ${out()} validators put it out of service`,
  );
  for (const log of logs()) expect(log).toContain("a result differs from WASM's");
  for (let i = 0; i < 3; i++) await read(next++);
  await requireOneChain(devnet.rpcUrls);
});
